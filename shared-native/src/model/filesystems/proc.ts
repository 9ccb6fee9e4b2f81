import { CAP_SYS_PTRACE } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { addInode } from '../files/inode.ts';
import { namespacePlace } from '../files/nsfs.ts';
import { lookUpSysctl, sysctls } from '../network/sysctls.ts';
import { capable } from '../process/capabilities.ts';
import type { Inode, Namespace, Namespaces, NamespaceType, OtherProcess, Place, Process, State } from '../state.ts';
import { lookUpOfIpc } from './ipc-sysctls.ts';

/** What a directory of /proc holds under a name: the processes of its PID namespace, and what the kernel tells. */
export function lookUpProc(state: State, directory: Inode, name: string): Inode | undefined {
  const { special, filesystem } = directory;
  if (directory === filesystem.root && /^[1-9]\d*$/.test(name)) return processDirectory(state, directory, name);
  if (special?.kind === 'sysctl') return lookUpSysctl(state, directory, name);
  if (name === 'net' && directory.name === 'sys' && directory.parent === filesystem.root)
    return sysctls(state, directory);
  const ofIpc = lookUpOfIpc(state, directory, name);
  if (ofIpc) return ofIpc;
  if (special?.kind === 'proc' && special.what === 'fd') return descriptorLink(state, directory, name);
  return directory.entries.get(name);
}

/** Where a symbolic link leads: to a path; or, in /proc, straight to a place. */
export function linkOf(state: State, inode: Inode): string | Place {
  const { special, filesystem } = inode;
  if (special?.kind !== 'proc') return inode.text;
  if (special.what === 'self') return String(pidIn(state, filesystem.pids) ?? fail('ENOENT'));
  if (special.what === 'thread-self')
    return `${pidIn(state, filesystem.pids) ?? fail('ENOENT')}/task/${pidIn(state, filesystem.pids)}`;
  return inode.text || magicLink(state, special.what, special.pid);
}

/** The number that the process has in a PID namespace: its own, or the first. */
export function pidIn({ process }: State, namespace: Namespaces['pid'] | undefined): number | undefined {
  if (namespace === process.namespaces.pid) return process.pid;
  return namespace?.parent === null ? process.hostPid : undefined;
}

const FILES: Readonly<Record<string, number>> = {
  cgroup: 0o444,
  cmdline: 0o444,
  comm: 0o644,
  environ: 0o400,
  gid_map: 0o644,
  limits: 0o444,
  maps: 0o444,
  mem: 0o600,
  mountinfo: 0o444,
  mounts: 0o444,
  oom_score: 0o444,
  oom_score_adj: 0o644,
  sessionid: 0o444,
  setgroups: 0o644,
  stat: 0o444,
  status: 0o444,
  uid_map: 0o644,
};

function processDirectory(state: State, root: Inode, name: string): Inode | undefined {
  const { process, others, parent } = state;
  const isSelf = Number(name) === pidIn(state, root.filesystem.pids);
  const isFirst = root.filesystem.pids?.parent === null;
  const known = state.isParents ? [...others, parent] : others;
  const one = isSelf ? process : isFirst ? known.find(({ hostPid }) => hostPid === Number(name)) : undefined;
  if (!one) return undefined;
  const directory = root.entries.get(name) ?? fillProcess(state, root, name, one.hostPid);
  own(directory, one, process.dumpable === 1 || (!isSelf && one !== parent)); // they share their memory
  return directory;
}

/** The process owns its directory; the files in it only if it may be dumped. */
function own(directory: Inode, { uid, gid, ...one }: Process | OtherProcess, isDumpable: boolean): void {
  const [owner, group] = 'euid' in one ? [one.euid, one.egid] : [uid, gid];
  Object.assign(directory, { uid: owner, gid: group });
  for (const file of directory.entries.values())
    Object.assign(file, isDumpable ? { uid: owner, gid: group } : { uid: 0, gid: 0 });
}

function fillProcess(state: State, root: Inode, name: string, pid: number): Inode {
  const special = (what: string) => ({ kind: 'proc', what, pid }) as const;
  const directory = addInode(state, root, name, { type: 'directory', mode: 0o555, special: special('process') });
  for (const [file, mode] of Object.entries(FILES))
    addInode(state, directory, file, { type: 'file', mode, special: special(file) });
  for (const link of ['root', 'cwd', 'exe'])
    addInode(state, directory, link, { type: 'symlink', mode: 0o777, special: special(link) });
  addInode(state, directory, 'fd', { type: 'directory', mode: 0o500, special: special('fd') });
  const ns = addInode(state, directory, 'ns', { type: 'directory', mode: 0o511, special: special('ns') });
  for (const type of [...NAMESPACES, 'pid_for_children', 'time_for_children']) {
    addInode(state, ns, type, { type: 'symlink', mode: 0o777, special: special(`ns/${type}`) });
  }
  return directory;
}

const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const;

function descriptorLink(state: State, directory: Inode, name: string): Inode | undefined {
  const isSelf = directory.special?.kind === 'proc' && directory.special.pid === state.process.hostPid;
  if (!isSelf || !state.process.descriptors.has(Number(name)) || String(Number(name)) !== name) return undefined;
  const special = { kind: 'proc', what: `fd/${name}`, pid: state.process.hostPid } as const;
  return directory.entries.get(name) ?? addInode(state, directory, name, { type: 'symlink', mode: 0o777, special });
}

function magicLink(state: State, what: string, pid: number): Place {
  const { process } = state;
  const one =
    pid === process.hostPid ? process : (state.others.find(({ hostPid }) => hostPid === pid) ?? fail('ENOENT'));
  if (one !== process && !mayTrace(state, one)) fail('EACCES');
  const [kind, name = ''] = what.split('/');
  if (kind === 'root') return one.root;
  if (kind === 'ns') return namespacePlace(state, namespaceOf(state, one, name));
  if (one !== process) return fail('EACCES'); // the model knows no more of other processes
  if (kind === 'cwd') return process.cwd;
  if (kind === 'fd') return process.descriptors.get(Number(name))?.file.place ?? fail('ENOENT');
  return process.executable ?? fail('ENOENT');
}

/** Where a directory of /proc leads beyond itself: to other processes' roots, where the process may look at them. */
export function placesBeyond(state: State, { special, filesystem }: Inode): Place[] {
  const isTop = filesystem.pids?.parent === null && special === undefined;
  if (!isTop) return [];
  return state.others.filter((one) => mayTrace(state, one)).map(({ root }) => root);
}

/** @throws ENOENT for the children's PID namespace, while nobody lives there */
function namespaceOf(state: State, { namespaces }: Process | OtherProcess, name: string): Namespace {
  const { process, parent, others } = state;
  if (!name.endsWith('_for_children')) return namespaces[name as NamespaceType];
  const isSelf = namespaces === process.namespaces;
  if (name === 'time_for_children') return isSelf ? process.timeForChildren : namespaces.time;
  const found = isSelf ? process.pidForChildren : namespaces.pid;
  const isInhabited = [process, parent, ...others].some((one) => one.namespaces.pid === found);
  return isInhabited ? found : fail('ENOENT');
}

/** ptrace(2), "Ptrace access mode checking". */
function mayTrace(state: State, { uid, gid, namespaces }: Process | OtherProcess): boolean {
  const isSame = state.process.fsuid === uid && state.process.fsgid === gid;
  return isSame || capable(state, namespaces.user, CAP_SYS_PTRACE);
}
