import { CAP_SYS_ADMIN, CAP_SYS_RESOURCE } from '../../kernel/constants.ts';
import { readCgroup, writeCgroup } from '../cgroups/write.ts';
import { fail, ModelError } from '../errors.ts';
import { readOfIpc, writeOfIpc } from '../filesystems/ipc-sysctls.ts';
import { mountinfo } from '../mounts/mountinfo.ts';
import { shownSysctl, writeSysctl } from '../network/sysctls.ts';
import { capable } from '../process/capabilities.ts';
import { writeMap, writeSetgroups } from '../process/id-maps.ts';
import type { Inode, OpenFile, State, UserNamespace, UtsNamespace } from '../state.ts';

// Files in which the kernel itself answers.

/** Can no file be made in this directory? */
export function makesNoFiles({ filesystem }: Inode): boolean {
  return ['proc', 'sysfs', 'devpts', 'cgroup', 'cgroup2', 'nsfs'].includes(filesystem.type);
}

/** Of some, even opening for writing needs a capability. @throws EACCES */
export function assertMayOpenSpecial(state: State, { special }: Inode): void {
  const isSetgroups = special?.kind === 'proc' && special.what === 'setgroups';
  if (isSetgroups && !capable(state, state.process.namespaces.user, CAP_SYS_ADMIN)) fail('EACCES');
}

/** What is read from it. @throws {ModelError} if the model doesn't know */
export function readSpecial(state: State, inode: Inode): string {
  const { special } = inode;
  if (special?.kind === 'cgroup') return readCgroup(special.cgroup, special.file);
  if (special?.kind === 'sysctl') return shownSysctl(state, special.network, special.path);
  if (special?.kind === 'ipc sysctl') return readOfIpc(special.ipc, special.path);
  if (special?.kind !== 'proc') return inode.text;
  const { process } = state;
  const { user, uts } = process.namespaces;
  const map = (ranges: typeof user.uidMap) =>
    ranges.map(({ inside, outside, length }) => `${inside} ${outside} ${length}\n`).join('');
  const known: Readonly<Record<string, () => string>> = {
    comm: () => `${process.comm}\n`,
    gid_map: () => map(user.gidMap),
    mountinfo: () => mountinfo(state),
    oom_score_adj: () => `${process.oomScoreAdj}\n`,
    setgroups: () => `${user.setgroups}\n`,
    'sys/kernel/hostname': () => `${uts.hostname}\n`,
    'sys/kernel/domainname': () => `${uts.domainname}\n`,
    uid_map: () => map(user.uidMap),
  };
  const read = Object.hasOwn(known, special.what) ? known[special.what] : undefined;
  if (read) return read();
  throw new ModelError(`what /proc/…/${inode.name} holds isn't modelled`);
}

/** Writes to it. The text must come in one write. @throws what the kernel answers */
export function writeSpecial(state: State, file: OpenFile, text: string, length: number): void {
  const { inode } = file.place;
  const { special } = inode;
  if (special?.kind === 'cgroup') {
    writeCgroup(state, special.cgroup, special.file, text);
    file.position += length;
    return;
  }
  if (special?.kind === 'sysctl') {
    writeSysctl(state, special.network, special.path, text);
    file.position += length;
    return;
  }
  if (special?.kind === 'ipc sysctl') {
    writeOfIpc(special.ipc, special.path, text);
    file.position += length;
    return;
  }
  if (special?.kind !== 'proc') throw new ModelError(`writing to ${inode.name} isn't modelled`);
  const isChilds = state.isParents && ONCE.has(special.what) && special.pid === state.parent.hostPid;
  if (special.pid !== 0 && special.pid !== state.process.hostPid && !isChilds)
    throw new ModelError('another process is not modelled');
  const write = Object.hasOwn(WRITERS, special.what) ? WRITERS[special.what] : undefined;
  if (!write) throw new ModelError(`writing to /proc/…/${inode.name} isn't modelled`);
  if (ONCE.has(special.what) && file.position !== 0) fail('EINVAL');
  write(state, text, isChilds ? state.parent.namespaces.user : state.process.namespaces.user);
  if (!['comm', 'oom_score_adj'].includes(special.what)) file.position += length;
}

/** These take what is written at their beginning, in one write. */
const ONCE = new Set(['uid_map', 'gid_map', 'setgroups']);

const WRITERS: Readonly<Record<string, (state: State, text: string, user: UserNamespace) => void>> = {
  comm: ({ process }, text) => {
    process.comm = text.replace(/\n.*$/s, '').slice(0, 15);
  },
  gid_map: (state, text, user) => writeMap(state, user, 'gid_map', text),
  oom_score_adj: (state, text) => writeOomScore(state, text.trim()),
  setgroups: (_, text, user) => writeSetgroups(user, text.trim()),
  'sys/kernel/domainname': (state, text) => {
    utsForWriting(state).domainname = firstLine(text);
  },
  'sys/kernel/hostname': (state, text) => {
    utsForWriting(state).hostname = firstLine(text);
  },
  uid_map: (state, text, user) => writeMap(state, user, 'uid_map', text),
};

/** proc_pid_oom_score_adj(5): lower than it ever was only with CAP_SYS_RESOURCE. */
function writeOomScore(state: State, text: string): void {
  if (!/^-?\d+$/.test(text) || Math.abs(Number(text)) > 1000) fail('EINVAL');
  const { process } = state;
  const isPrivileged = capable(state, state.firstUserNamespace, CAP_SYS_RESOURCE);
  if (Number(text) < process.oomScoreAdjMin && !isPrivileged) fail('EACCES');
  process.oomScoreAdj = Number(text);
  if (isPrivileged) process.oomScoreAdjMin = Number(text);
}

function utsForWriting(state: State): UtsNamespace {
  const { uts } = state.process.namespaces;
  if (!capable(state, uts.owner as UserNamespace, CAP_SYS_ADMIN)) fail('EPERM');
  return uts;
}

function firstLine(text: string): string {
  return text.replace(/\n.*$/s, '').slice(0, 64);
}
