import { CAP_SYS_ADMIN, SIGKILL } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import { capable } from '../process/capabilities.ts';
import type { Cgroup, State } from '../state.ts';
import { ancestry, cgroupOfProcess, cgroupsBelow, controllersOf } from './cgroups.ts';
import { writeDevices } from './devices.ts';
import { CONTROLLER_FILES } from './files.ts';

/** Controllers that can also tell threads apart: processes beside children are fine for these. */
const THREADED = new Set(['cpu', 'cpuset', 'pids']);

/** What a cgroup's file does with a text: one write(2). @throws EINVAL, ENOENT, EBUSY, ESRCH, ERANGE, EACCES */
export function writeCgroup(state: State, cgroup: Cgroup, file: string, written: string): void {
  if (cgroup.removed) fail('ENODEV');
  const text = written.trim();
  if (file === 'cgroup.procs' || file === 'tasks' || file === 'cgroup.threads') move(state, cgroup, text);
  else if (file === 'cgroup.subtree_control') passOn(cgroup, text);
  else if (file === 'cgroup.kill') kill(state, cgroup, text);
  else if (file === 'devices.allow' || file === 'devices.deny') {
    if (!capable(state, state.firstUserNamespace, CAP_SYS_ADMIN)) fail('EPERM');
    const error = writeDevices(cgroup, file, text);
    if (error) fail(error);
  } else set(cgroup, file, text);
}

function set(cgroup: Cgroup, file: string, text: string): void {
  const error = CONTROLLER_FILES[cgroup.hierarchy.version][file]?.takes?.(text, cgroup);
  if (error) fail(error);
  cgroup.values.set(file, text);
}

/** What a cgroup's file holds, as far as the model knows. */
export function readCgroup(cgroup: Cgroup, file: string): string {
  const lines = (all: Iterable<string | number>) => [...all].map((one) => `${one}\n`).join('');
  if (file === 'cgroup.procs' || file === 'tasks' || file === 'cgroup.threads') return lines(cgroup.processes);
  if (file === 'cgroup.controllers') return `${[...controllersOf(cgroup)].join(' ')}\n`;
  if (file === 'cgroup.subtree_control') return `${[...cgroup.passedOn].join(' ')}\n`;
  if (file === 'pids.current') return `${members(cgroup).length}\n`;
  return `${cgroup.values.get(file) ?? (file.endsWith('.max') ? 'max' : '0')}\n`;
}

/** The processes in a cgroup and in all below it. */
export function members(cgroup: Cgroup): number[] {
  return cgroupsBelow(cgroup).flatMap(({ processes }) => [...processes]);
}

/** Puts a process into a cgroup: what is written is its number; 0 is the writer. */
function move(state: State, cgroup: Cgroup, text: string): void {
  if (!/^\d+$/.test(text)) fail('EINVAL');
  const { process, others } = state;
  const pid = Number(text);
  if (pid === 0 || pid === process.pid) {
    moveProcess(cgroup, process.hostPid);
    return;
  }
  const isOnHost = process.namespaces.pid.parent === null;
  const all = [...cgroupsBelow(cgroup.hierarchy.root).flatMap(({ processes }) => [...processes])];
  const isThere = [...others.map(({ hostPid }) => hostPid), ...all].includes(pid);
  if (!isOnHost || !isThere) fail('ESRCH');
  moveProcess(cgroup, pid);
}

/** Puts a process into a cgroup, by the host's number for it. @throws EBUSY, ENOSPC */
export function moveProcess(cgroup: Cgroup, hostPid: number): void {
  if (cgroup.hierarchy.version === 2 && !canBeThreadRoot(cgroup) && cgroup.passedOn.size > 0) fail('EBUSY');
  const isCpuset = cgroup.hierarchy.version === 1 && cgroup.hierarchy.controllers.includes('cpuset') && cgroup.parent;
  if (isCpuset && ['cpuset.cpus', 'cpuset.mems'].some((file) => !cgroup.values.get(file))) fail('ENOSPC');
  cgroupOfProcess(cgroup.hierarchy, hostPid).processes.delete(hostPid);
  cgroup.processes.add(hostPid);
}

/** `+pids -memory`: which controllers the cgroups below have. */
function passOn(cgroup: Cgroup, text: string): void {
  const words = text.split(' ').filter(Boolean);
  const wanted = words.map((word): [string, boolean] => [word.slice(1), word.startsWith('+')]);
  if (words.some((word) => !/^[+-]\w+$/.test(word))) fail('EINVAL');
  if (wanted.some(([name]) => !cgroup.hierarchy.controllers.includes(name) && !KNOWN.has(name))) fail('EINVAL');
  const added = wanted.filter(([name, isOn]) => isOn && !cgroup.passedOn.has(name)).map(([name]) => name);
  const dropped = wanted.filter(([name, isOn]) => !isOn && cgroup.passedOn.has(name)).map(([name]) => name);
  if (added.some((name) => !controllersOf(cgroup).has(name))) fail('ENOENT');
  if (dropped.some((name) => [...cgroup.children.values()].some((child) => child.passedOn.has(name)))) fail('EBUSY');
  if (added.length > 0 && !mayPassOn(cgroup, added)) fail('EBUSY');
  for (const name of added) cgroup.passedOn.add(name);
  for (const name of dropped) cgroup.passedOn.delete(name);
}

const KNOWN = new Set(['cpu', 'cpuset', 'dmem', 'hugetlb', 'io', 'memory', 'misc', 'perf_event', 'pids', 'rdma']);

/** cgroups(7), "no internal processes": a cgroup that has processes passes on nothing but controllers that know threads. */
function mayPassOn(cgroup: Cgroup, added: readonly string[]): boolean {
  if (cgroup.parent === null || cgroup.processes.size === 0) return true;
  return added.every((name) => THREADED.has(name)) && canBeThreadRoot(cgroup);
}

function canBeThreadRoot(cgroup: Cgroup): boolean {
  if (cgroup.parent === null) return true;
  return (
    [...cgroup.passedOn].every((name) => THREADED.has(name)) &&
    [...cgroup.children.values()].every((child) => members(child).length === 0)
  );
}

function kill(state: State, cgroup: Cgroup, text: string): void {
  if (text !== '1') fail(/^-?\d+$/.test(text) ? 'ERANGE' : 'EINVAL');
  for (const hostPid of members(cgroup)) killProcess(state, hostPid);
}

/** SIGKILL, which nothing holds back. */
export function killProcess({ process, parent, others }: State, hostPid: number): void {
  for (const one of [process, parent]) if (hostPid === one.hostPid) one.killed = SIGKILL;
  others.find((one) => one.hostPid === hostPid)?.received.push(SIGKILL);
}

/** What fork or clone would answer: EAGAIN where a cgroup allows no more processes. */
export function forkAnswer({ process, hierarchies }: State): string | undefined {
  for (const hierarchy of hierarchies) {
    for (const cgroup of ancestry(cgroupOfProcess(hierarchy, process.hostPid))) {
      const most = cgroup.values.get('pids.max') ?? 'max';
      if (most !== 'max' && members(cgroup).length + 1 > Number(most)) return 'EAGAIN';
    }
  }
  return undefined;
}
