import {
  _LINUX_CAPABILITY_VERSION_3,
  CAP_SETGID,
  CAP_SETPCAP,
  CAP_SETUID,
  SECBIT_KEEP_CAPS,
  SECBIT_NO_SETUID_FIXUP,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import type { Family } from '../handler.ts';
import { allCapabilities, capableHere, credentialsChanged, isSubset } from '../process/capabilities.ts';
import { makeGid, makeUid, newGid, newUid } from '../process/ids.ts';
import { processOf } from '../process/processes.ts';
import type { Credentials, State } from '../state.ts';
import { answerAt, fieldsOf, inMemory, numbersOf } from '../structs.ts';

const NGROUPS_MAX = 65_536;

/** Who a process is, and what it may do: credentials(7), capabilities(7). */
export const identityCalls: Family<
  'setuid' | 'setgid' | 'setresuid' | 'setresgid' | 'setgroups' | 'capget' | 'capset'
> = {
  setuid(state, args) {
    const uid = makeUid(state.process.namespaces.user, args.uint('uid')) ?? fail('EINVAL');
    if (capableHere(state, CAP_SETUID)) return become(state, { uid, euid: uid, suid: uid, fsuid: uid });
    if (uid !== state.process.uid && uid !== state.process.suid) fail('EPERM');
    return become(state, { euid: uid, fsuid: uid });
  },

  setgid(state, args) {
    const gid = makeGid(state.process.namespaces.user, args.uint('gid')) ?? fail('EINVAL');
    if (capableHere(state, CAP_SETGID)) return become(state, { gid, egid: gid, sgid: gid, fsgid: gid });
    if (gid !== state.process.gid && gid !== state.process.sgid) fail('EPERM');
    return become(state, { egid: gid, fsgid: gid });
  },

  setresuid(state, args) {
    const { process } = state;
    const { user } = process.namespaces;
    const [uid, euid, suid] = ['ruid', 'euid', 'suid'].map((name) => newUid(user, args, name));
    const own = [process.uid, process.euid, process.suid];
    if ([uid, euid, suid].some((id) => isForeign(id, own)) && !capableHere(state, CAP_SETUID)) fail('EPERM');
    const ids = { uid: uid ?? process.uid, euid: euid ?? process.euid, suid: suid ?? process.suid };
    return become(state, { ...ids, fsuid: ids.euid });
  },

  setresgid(state, args) {
    const { process } = state;
    const { user } = process.namespaces;
    const [gid, egid, sgid] = ['rgid', 'egid', 'sgid'].map((name) => newGid(user, args, name));
    const own = [process.gid, process.egid, process.sgid];
    if ([gid, egid, sgid].some((id) => isForeign(id, own)) && !capableHere(state, CAP_SETGID)) fail('EPERM');
    const ids = { gid: gid ?? process.gid, egid: egid ?? process.egid, sgid: sgid ?? process.sgid };
    return become(state, { ...ids, fsgid: ids.egid });
  },

  setgroups(state, args) {
    const { user } = state.process.namespaces;
    const allowed = user.setgroups === 'allow' && user.gidMap.length > 0;
    if (!allowed || !capableHere(state, CAP_SETGID)) fail('EPERM');
    const size = args.uint('size');
    if (size > NGROUPS_MAX) fail('EINVAL');
    const list = groupList(args, size).map((gid) => makeGid(user, Number(gid)) ?? fail('EINVAL'));
    state.process.groups = list.sort((a, b) => a - b);
    return 0;
  },

  capget(state, args) {
    const { pid } = header(args);
    if (pid < 0) fail('EINVAL');
    if (processOf(state, pid) !== state.process) throw new ModelError('capget: the model knows one process only');
    const { effective, permitted, inheritable } = state.process;
    const halves = [0n, 32n].flatMap((half) => [effective, permitted, inheritable].map((set) => set >> half));
    return answerAt(args, 'datap', inMemory(Uint32Array.from(halves, (half) => Number(half & 0xffff_ffffn))));
  },

  capset(state, args) {
    const { process } = state;
    const { pid } = header(args);
    if (pid !== 0 && pid !== process.pid) fail('EPERM');
    const { effective, permitted, inheritable } = capabilitySets(state, args);
    const mayInherit = capableHere(state, CAP_SETPCAP) ? inheritable : process.inheritable | process.permitted;
    const allowed =
      isSubset(inheritable, mayInherit) &&
      isSubset(inheritable, process.inheritable | process.bounding) &&
      isSubset(permitted, process.permitted) &&
      isSubset(effective, permitted);
    if (!allowed) fail('EPERM');
    Object.assign(process, { effective, permitted, inheritable });
    process.ambient &= permitted & inheritable;
    return 0;
  },
};

/** Takes ids that are allowed, with what follows for the capabilities. */
function become(state: State, ids: Partial<Credentials>): number {
  const before = { ...state.process };
  Object.assign(state.process, ids);
  if (!(before.securebits & SECBIT_NO_SETUID_FIXUP)) fixCapabilities(state, before);
  credentialsChanged(state, before);
  return 0;
}

/** What leaving user 0 costs, and what coming back to it gives: capabilities(7), "Effect of user ID changes on capabilities". */
function fixCapabilities({ process }: State, before: Credentials): void {
  const root = makeUid(process.namespaces.user, 0);
  const isRoot = ({ uid, euid, suid }: Credentials) => [uid, euid, suid].some((id) => id === root);
  if (isRoot(before) && !isRoot(process)) {
    if (!(process.securebits & SECBIT_KEEP_CAPS)) process.permitted = process.effective = 0n;
    process.ambient = 0n;
  }
  if (before.euid === root && process.euid !== root) process.effective = 0n;
  if (before.euid !== root && process.euid === root) process.effective = process.permitted;
}

/** Is it neither the real, the effective nor the saved id? */
function isForeign(id: number | undefined, own: readonly number[]): boolean {
  return id !== undefined && !own.includes(id);
}

function groupList(args: Arguments, size: number): readonly bigint[] {
  if (size === 0) return [];
  if (args.isNull('list')) return fail('EFAULT');
  const list = numbersOf(args, 'list', 4);
  if (list.length < size) throw new ModelError(`setgroups: size is ${size}, but list holds ${list.length} groups`);
  return list.slice(0, size);
}

function header(args: Arguments): { pid: number } {
  const { version, pid } = fieldsOf(args, 'hdrp', { version: 4, pid: 4 });
  if (Number(version) === _LINUX_CAPABILITY_VERSION_3) return { pid: Number(BigInt.asIntN(32, pid)) };
  throw new ModelError(`the model knows capabilities of version 3 only, got ${version}`);
}

function capabilitySets(state: State, args: Arguments): Record<'effective' | 'permitted' | 'inheritable', bigint> {
  const half = { effective: 4, permitted: 4, inheritable: 4 } as const;
  const layout = [0, 1].flatMap((index) => Object.entries(half).map(([set, bytes]) => [`[${index}].${set}`, bytes]));
  const fields = fieldsOf(args, 'datap', Object.fromEntries(layout) as Record<string, number>);
  const whole = (set: string) => {
    const [low = 0n, high = 0n] = [fields[`[0].${set}`], fields[`[1].${set}`]];
    return (low | (high << 32n)) & allCapabilities(state);
  };
  return { effective: whole('effective'), permitted: whole('permitted'), inheritable: whole('inheritable') };
}
