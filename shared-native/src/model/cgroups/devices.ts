import { runProgram } from '../../bpf/bpf.ts';
import {
  BPF_DEVCG_ACC_MKNOD,
  BPF_DEVCG_ACC_READ,
  BPF_DEVCG_ACC_WRITE,
  BPF_DEVCG_DEV_BLOCK,
  BPF_DEVCG_DEV_CHAR,
} from '../../kernel/constants.ts';
import { major, minor } from '../../kernel/device-number.ts';
import type { Cgroup, DeviceException as Exception, Inode, State } from '../state.ts';
import { ancestry, cgroupOfProcess } from './cgroups.ts';

// What the devices controller of cgroup v1 lets the processes of a cgroup do (cgroup-v1/devices.rst in the kernel's documentation).

/** Everything but the exceptions, or nothing but them. */
interface Allowed {
  readonly all: boolean;
  readonly exceptions: Exception[];
}

const NUMBER = '(\\*|\\d+)';
const RULE = new RegExp(`^([bc])\\s${NUMBER}:${NUMBER}\\s([rwm]{0,3})(?:$|\\s)`);

/** What a rule is about; `undefined` for a text that isn't a rule. */
function parse(text: string): Exception | undefined {
  const [, type, major, minor, access = ''] = RULE.exec(text) ?? [];
  const number = (digits = '*') => (digits === '*' ? null : Number(digits));
  return type === undefined
    ? undefined
    : { type: type as Exception['type'], major: number(major), minor: number(minor), access };
}

/**
 * What a text does that is written to `devices.allow` or `devices.deny`.
 *
 * @returns the error that it answers
 */
export function writeDevices(cgroup: Cgroup, file: 'devices.allow' | 'devices.deny', text: string): string | undefined {
  const allows = file === 'devices.allow';
  const rule = text.startsWith('a') ? undefined : parse(text);
  if (!text.startsWith('a') && !rule) return 'EINVAL';
  if (!rule && (cgroup.children.size > 0 || !cgroup.parent)) return cgroup.children.size > 0 ? 'EINVAL' : undefined;
  const parent = cgroup.parent && allowedIn(cgroup.parent);
  if (!rule && allows && parent && !parent.all) return 'EPERM';
  if (rule && allows && parent && !mayAllow(parent, allowedIn(cgroup), rule)) return 'EPERM';
  cgroup.devices = [...cgroup.devices, { allows, rule: rule ?? null }];
  return undefined;
}

/** A parent must allow what a cgroup below it allows. */
function mayAllow(parent: Allowed, own: Allowed, rule: Exception): boolean {
  if (parent.all)
    return own.all || !parent.exceptions.some((one) => meet(one, rule) && shares(rule.access, one.access));
  return parent.exceptions.some((one) => covers(one, rule));
}

/** What a cgroup's processes may do to devices. */
function allowedIn({ devices }: Cgroup): Allowed {
  let allowed: Allowed = { all: true, exceptions: [] };
  for (const { allows, rule } of devices) {
    if (rule === null) allowed = { all: allows, exceptions: [] };
    else if (allows === allowed.all) allowed = { ...allowed, exceptions: without(allowed.exceptions, rule) };
    else allowed = { ...allowed, exceptions: withRule(allowed.exceptions, rule) };
  }
  return allowed;
}

const isSame = (one: Exception, other: Exception) =>
  one.type === other.type && one.major === other.major && one.minor === other.minor;

function withRule(exceptions: readonly Exception[], rule: Exception): Exception[] {
  if (!exceptions.some((one) => isSame(one, rule))) return [...exceptions, rule];
  const both = (one: Exception) => ({ ...one, access: [...new Set(one.access + rule.access)].join('') });
  return exceptions.map((one) => (isSame(one, rule) ? both(one) : one));
}

function without(exceptions: readonly Exception[], rule: Exception): Exception[] {
  const left = (one: Exception) => [...one.access].filter((letter) => !rule.access.includes(letter)).join('');
  const all = exceptions.map((one) => (isSame(one, rule) ? { ...one, access: left(one) } : one));
  return all.filter(({ access }) => access !== '');
}

const shares = (access: string, other: string) => [...access].some((letter) => other.includes(letter));
const isNumber = (one: number | null, other: number | null) => one === null || one === other;

/** Does an exception allow all that a rule is about? */
function covers(one: Exception, rule: Exception): boolean {
  const isOfIt = one.type === rule.type && isNumber(one.major, rule.major) && isNumber(one.minor, rule.minor);
  return isOfIt && [...rule.access].every((letter) => one.access.includes(letter));
}

/** Could both be about one device? */
function meet(one: Exception, rule: Exception): boolean {
  const agree = (here: number | null, there: number | null) => here === null || there === null || here === there;
  return one.type === rule.type && agree(one.major, rule.major) && agree(one.minor, rule.minor);
}

/** May the process do this to a device: read it, write it, make a node of it? Every hierarchy has a say, and every program. */
export function mayUseDevice(state: State, { type, rdev }: Pick<Inode, 'type' | 'rdev'>, access: string): boolean {
  const number = { major: major(rdev), minor: minor(rdev) };
  const wanted: Exception = { type: type === 'block' ? 'b' : 'c', ...number, access };
  return state.hierarchies.every((hierarchy) => {
    const cgroup = cgroupOfProcess(hierarchy, state.process.hostPid);
    if (hierarchy.version === 2) return areAllFor(wanted, ancestry(cgroup));
    return !hierarchy.controllers.includes('devices') || isAllowed(wanted, allowedIn(cgroup));
  });
}

function isAllowed(wanted: Exception, { all, exceptions }: Allowed): boolean {
  if (!all) return exceptions.some((one) => covers(one, wanted));
  return !exceptions.some((one) => meet(one, wanted) && shares(wanted.access, one.access));
}

/** The programs of v2 are asked about struct bpf_cgroup_dev_ctx. */
function areAllFor({ type, major, minor, access }: Exception, cgroups: readonly Cgroup[]): boolean {
  const bits = [...access].reduce((sum, one) => sum | (BITS[one] ?? 0), 0);
  const asked = new Uint32Array([
    (bits << 16) | (type === 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR),
    major ?? 0,
    minor ?? 0,
  ]);
  return cgroups.every(({ programs }) =>
    programs.every((program) => runProgram(program, new Uint8Array(asked.buffer)) !== 0),
  );
}

const BITS: Readonly<Record<string, number>> = {
  m: BPF_DEVCG_ACC_MKNOD,
  r: BPF_DEVCG_ACC_READ,
  w: BPF_DEVCG_ACC_WRITE,
};
