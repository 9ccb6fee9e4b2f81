import { makeInode } from '../files/inode.ts';
import { makeGid, makeUid } from '../process/ids.ts';
import type { Inode, IpcNamespace, State, UserNamespace } from '../state.ts';
import { assign, numbers, type Variable } from './variables.ts';

// Below /proc/sys/kernel and /proc/sys/fs/mqueue, every process sees the variables of its own IPC namespace: ipc_namespaces(7).

const MOST = 2n ** 64n - 1n;
const IPCMNI = 32_768;

const VARIABLES: Readonly<Record<string, Variable>> = {
  'kernel/msgmax': numbers('8192'),
  'kernel/msgmnb': numbers('16384'),
  'kernel/msgmni': numbers('32000', 0, IPCMNI),
  'kernel/sem': numbers('32000\t1024000000\t500\t32000', -(2 ** 31)),
  'kernel/shmall': numbers(String(MOST - 2n ** 24n), 0, MOST),
  'kernel/shmmax': numbers(String(MOST - 2n ** 24n), 0, MOST),
  'kernel/shmmni': numbers('4096', 0, IPCMNI),
  'kernel/shm_rmid_forced': numbers('0', 0, 1),
  'fs/mqueue/msg_default': numbers('10', 1, 65_536),
  'fs/mqueue/msg_max': numbers('10', 1, 65_536),
  'fs/mqueue/msgsize_default': numbers('8192', 128, 16 * 1024 * 1024),
  'fs/mqueue/msgsize_max': numbers('8192', 128, 16 * 1024 * 1024),
  'fs/mqueue/queues_max': numbers('256', -(2 ** 31)),
};

/** What a directory below /proc/sys holds under a name, if that belongs to the IPC namespace. */
export function lookUpOfIpc(state: State, directory: Inode, name: string): Inode | undefined {
  const path = `${below(directory)}${name}`;
  const isFile = Object.hasOwn(VARIABLES, path);
  if (!isFile && path !== 'fs/mqueue') return undefined;
  const { ipc } = state.process.namespaces;
  const owner = ipc.owner as UserNamespace;
  const inode = makeInode(state, directory.filesystem, name, {
    ...(isFile ? { type: 'file', mode: 0o644 } : { type: 'directory', mode: 0o555 }),
    ...{ uid: makeUid(owner, 0) ?? 0, gid: makeGid(owner, 0) ?? 0 },
    special: { kind: 'ipc sysctl', ipc, path },
  });
  inode.parent = directory;
  return inode;
}

/** `kernel/` of /proc/sys/kernel; '' of what lies elsewhere. */
function below({ special, name, parent, filesystem }: Inode): string {
  if (special?.kind === 'ipc sysctl') return `${special.path}/`;
  return parent?.name === 'sys' && parent.parent === filesystem.root ? `${name}/` : '';
}

export function readOfIpc({ settings }: IpcNamespace, path: string): string {
  return `${settings.get(path) ?? VARIABLES[path]?.usual}\n`;
}

/** @throws EINVAL */
export function writeOfIpc({ settings }: IpcNamespace, path: string, text: string): void {
  const variable = VARIABLES[path] as Variable;
  settings.set(path, assign(variable, settings.get(path) ?? variable.usual, text));
}
