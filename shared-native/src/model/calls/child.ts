import {
  CAP_SYS_ADMIN,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_PARENT,
  CLONE_PARENT_SETTID,
  CLONE_VFORK,
  CLONE_VM,
  SIGCHLD,
  WNOHANG,
} from '../../kernel/constants.ts';
import { cgroupOfProcess } from '../cgroups/cgroups.ts';
import { fail, ModelError } from '../errors.ts';
import type { Family } from '../handler.ts';
import { capableHere } from '../process/capabilities.ts';
import { NEW_NAMESPACES, newMountNamespace, newNamespaces, newUserNamespace } from '../process/namespaces.ts';
import { leaveToOthers } from '../process/others.ts';
import type { State } from '../state.ts';

const ALL_NEW = Object.values(NEW_NAMESPACES).reduce((all, flag) => all | flag, 0) & ~CLONE_NEWTIME;
const KNOWN = ALL_NEW | CLONE_VM | CLONE_VFORK | CLONE_PARENT | CLONE_PARENT_SETTID;

/** A program that goes on in a child: clone(2), and the wait that only its parent has to do. */
export const childCalls: Family<'clone' | 'wait4'> = {
  clone(state, args) {
    const flags = args.uint('flags');
    if ((flags & ~(KNOWN | 0xff)) !== 0) throw new ModelError('clone: a flag that the model does not know');
    if (!(flags & CLONE_VM)) throw new ModelError('clone: without CLONE_VM nobody sees what the child does');
    if ((flags & 0xff) !== SIGCHLD) throw new ModelError('clone: the signal at the end must be SIGCHLD');
    if (!(flags & CLONE_NEWUSER) && flags & ALL_NEW && !capableHere(state, CAP_SYS_ADMIN)) fail('EPERM');
    const { namespaces, pidForChildren } = state.process;
    if (flags & CLONE_NEWPID && pidForChildren !== namespaces.pid) fail('EINVAL');
    const number = beChild(state, (flags & CLONE_PARENT) !== 0);
    if (flags & CLONE_NEWUSER) newUserNamespace(state);
    if (flags & CLONE_NEWNS) newMountNamespace(state);
    newNamespaces(state, flags);
    beNumbered(state, number);
    const room = flags & CLONE_PARENT_SETTID && args.has('parent_tid') ? args.room('parent_tid') : undefined;
    if (room) new DataView(room.buffer, room.byteOffset).setInt32(0, number, true);
    return 0;
  },

  wait4(_, args) {
    if (args.uint('options') & ~WNOHANG) fail('EINVAL');
    return fail('ECHILD'); // the process that the program goes on in has no children
  },
};

/** The process is its own child from now on; what it was is another process, which waits. @returns the child's number on the host */
function beChild(state: State, sibling: boolean): number {
  const { process, hierarchies } = state;
  const number = leaveToOthers(state);
  for (const hierarchy of hierarchies) cgroupOfProcess(hierarchy, process.hostPid).processes.add(number);
  const ppid = sibling ? process.ppid : process.pid;
  Object.assign(process, { hostPid: number, pid: number, ppid, deathSignal: 0, pending: 0n });
  return number;
}

/**
 * It is born into the PID namespace that its parent had for children: the first there is 1. Its parent isn't in it, nor are the
 * leaders of its group and session.
 */
function beNumbered({ process, others, parent }: State, number: number): void {
  const { pidForChildren, namespaces } = process;
  if (pidForChildren === namespaces.pid) return;
  const there = [...others, parent].filter((one) => one.namespaces.pid === pidForChildren).length;
  namespaces.pid = pidForChildren;
  Object.assign(process, { pid: there === 0 ? 1 : number, ppid: 0, pgid: 0, sid: 0 });
}
