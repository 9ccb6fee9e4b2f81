import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { type Call, CLONE_NEWPID, SIGKILL, SIGSTOP, signalName } from '../../src/index.ts';
import { directory, type Machine, machine, model, type Process, type State, type Tree } from '../../src/model/index.ts';
import { gidIn, OVERFLOW_ID, uidIn } from '../../src/model/process/ids.ts';
import { signalSet } from '../../src/model/process/signals.ts';
import { modelledNetworks } from './networks.ts';
import { type Outcome, received } from './outcome.ts';
import { modelledPlaces } from './places.ts';
import type { Scene } from './scenes.ts';
import { TOP } from './scenes.ts';
import { field, hex, limitsOf } from './status.ts';
import { modelledTree } from './tree.ts';

const ALL_SIGNALS = 2n ** 64n - 1n;

/**
 * Makes a program's calls in the model, on a machine like this one.
 *
 * @param tree - the host's files that it executes
 * @param pid - the number of the process on the host, once the kernel has given it one
 */
export function modelled(program: readonly Call[], scene: Scene, tree: Tree, pid = 4_000_000): Outcome {
  const { state, answers, end } = model(thisMachine(scene, tree, pid)).run(program);
  const { killed, exited } = state.process;
  const all = answers.map(({ call, result, error, filled }) => error ?? received(call, result, filled?.buf));
  if (killed !== null) return { answers: all.slice(0, -1), end: `killed by ${signalName(killed)}`, shown: {} };
  if (exited !== null) return { answers: all.slice(0, -1), end: `exited ${exited}`, shown: {} };
  return { answers: all, end, shown: modelledProcess(state, scene) };
}

/** What this machine's processes have from the beginning: processors, limits, capabilities, signals. */
export function likeThisMachine(): Machine {
  const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8');
  const status = read('status');
  const set = (name: string) => BigInt(`0x${field(status, name)}`);
  const numbers = (bits: bigint) =>
    Array.from({ length: 64 }, (_, bit) => bit + 1).filter((signal) => bits & signalSet(signal));
  return {
    bounding: set('CapBnd'),
    capabilities: set('CapPrm'),
    groups: field(status, 'Groups').split(' ').filter(Boolean).map(Number),
    umask: Number.parseInt(field(status, 'Umask'), 8),
    limits: Object.fromEntries(limitsOf(read('limits'))),
    cpus: 1 + Math.max(...listOf(read('status'), 'Cpus_allowed_list')),
    ignored: numbers(set('SigIgn')),
    handled: numbers(set('SigCgt')),
    blocked: ALL_SIGNALS & ~signalSet(SIGKILL, SIGSTOP, 32, 33), // the C library keeps 32 and 33 for itself
  };
}

/** A process on this machine, as a model. */
function thisMachine(scene: Scene, tree: Tree, pid: number): State {
  const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8');
  const state = machine({ ...likeThisMachine(), ...own(scene), tree: { [TOP]: directory(), ...tree } });
  const process: { -readonly [Name in keyof Process]: Process[Name] } = state.process;
  process.comm = readFileSync('/proc/thread-self/comm', 'utf8').trim();
  process.nice = getPriority();
  process.cpus = listOf(read('status'), 'Cpus_allowed_list');
  if (!(scene.clone & CLONE_NEWPID)) {
    const [, , group, session] = read('stat').replace(/.*\) /, '').split(' ').map(Number);
    Object.assign(process, { pid, hostPid: pid, pgid: group, sid: session });
  }
  return state;
}

function own({ clone, uidMap, gidMap, setgroups }: Scene): Machine {
  return { clone, ...(uidMap && { uidMap }), ...(gidMap && { gidMap }), ...(setgroups && { setgroups }) };
}

/** `0-1,3` as numbers. */
function listOf(status: string, name: string): number[] {
  return field(status, name)
    .split(',')
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

function rangesOf(numbers: readonly number[]): string {
  const starts = numbers.filter((number) => !numbers.includes(number - 1));
  const ends = numbers.filter((number) => !numbers.includes(number + 1));
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start}-${ends[index]}`)).join(',');
}

/**
 * What there is to see of a process. In a scene what was executed looks at itself, so it sees ids as its own user namespace has them.
 *
 * @param byItself - false: it's always seen from the host
 */
export function modelledProcess(
  state: State,
  scene: Pick<Scene, 'networks' | 'places' | 'tree'>,
  byItself = state.process.executed !== null,
): Record<string, string> {
  const { process } = state;
  const { user } = process.namespaces;
  const uid = (id: number) => (byItself ? (uidIn(user, id) ?? OVERFLOW_ID) : id);
  const gid = (id: number) => (byItself ? (gidIn(user, id) ?? OVERFLOW_ID) : id);
  const limits = [...process.limits].map(([resource, { soft, hard }]) => [`limit ${resource}`, `${soft} ${hard}`]);
  const own = [...process.descriptors.keys()].filter((number) => number > 2).sort((a, b) => a - b);
  return {
    Umask: process.umask.toString(8).padStart(4, '0'),
    Uid: [process.uid, process.euid, process.suid, process.fsuid].map(uid).join(' '),
    Gid: [process.gid, process.egid, process.sgid, process.fsgid].map(gid).join(' '),
    Groups: process.groups.map(gid).join(' '),
    pending: hex(process.pending),
    SigBlk: hex(process.blocked),
    SigIgn: hex(signalSet(...process.ignored)),
    CapInh: hex(process.inheritable),
    CapPrm: hex(process.permitted),
    CapEff: hex(process.effective),
    CapBnd: hex(process.bounding),
    CapAmb: hex(process.ambient),
    NoNewPrivs: String(Number(process.noNewPrivs)),
    Seccomp: String(process.seccomp.mode),
    Seccomp_filters: String(process.seccomp.filters.length),
    Cpus_allowed_list: rangesOf(process.cpus),
    ...Object.fromEntries(limits),
    comm: process.comm,
    nice: String(process.nice),
    group: String(process.pgid),
    session: String(process.sid),
    descriptors: own
      .map((number) => `${number}${process.descriptors.get(number)?.closeOnExec ? ' (close-on-exec)' : ''}`)
      .join(', '),
    ...(scene.networks && modelledNetworks(state)),
    ...(scene.places && modelledPlaces(state, own)),
    ...(scene.tree && { tree: modelledTree(state) }),
  };
}
