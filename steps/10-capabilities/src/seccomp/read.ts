import { SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_RET_ERRNO, SECCOMP_RET_TRACE } from 'shared-native';
import type { Architecture } from './numbers.ts';
import {
  ACTIONS,
  COMPARISONS,
  type Comparison,
  type Condition,
  FILTER_FLAGS,
  type Profile,
  type Rule,
} from './profile.ts';

/** A profile file, in the form of docker's (with conditions on the machine) or of the OCI runtime specification. */
export interface ProfileFile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures?: readonly string[] | null;
  readonly archMap?:
    | readonly { readonly architecture: string; readonly subArchitectures?: readonly string[] | null }[]
    | null;
  readonly flags?: readonly string[] | null;
  readonly listenerPath?: string;
  readonly syscalls?: readonly DockersRule[] | null;
}

export interface DockersRule {
  readonly name?: string;
  readonly names?: readonly string[];
  readonly action: string;
  readonly errnoRet?: number | null;
  readonly args?: readonly Args[] | null;
  readonly includes?: Circumstances;
  readonly excludes?: Circumstances;
}

interface Args {
  readonly index: number;
  readonly value: number | bigint;
  readonly valueTwo?: number | bigint;
  readonly op: string;
}

interface Circumstances {
  readonly arches?: readonly string[];
  readonly caps?: readonly string[];
  readonly minKernel?: string;
}

/** What actions are to the kernel, SECCOMP_RET_*, under libseccomp's names. */
export type Actions = Readonly<Record<string, number>>;

/** What a profile's conditions are about. */
export interface Situation {
  readonly arch: 'x86_64' | 'aarch64';
  /** The container's capabilities: CAP_CHOWN … */
  readonly capabilities: readonly string[];
  /** uname -r */
  readonly kernel: string;
}

const EPERM = 1;

/** The architectures, under libseccomp's names. Those of other machines are nothing to this one. */
const ARCH: Readonly<Record<string, Architecture>> = {
  SCMP_ARCH_X86_64: 'x86_64',
  SCMP_ARCH_X86: 'x86',
  SCMP_ARCH_X32: 'x32',
  SCMP_ARCH_AARCH64: 'aarch64',
  SCMP_ARCH_ARM: 'arm',
};
const OTHER_ARCH =
  /^SCMP_ARCH_(NATIVE|(MIPS(EL)?(64(N32)?)?)|PPC(64(LE)?)?|S390X?|PARISC(64)?|RISCV64|LOONGARCH64|M68K|SH(EB)?)$/;

/** The names that Go, and so docker's files, have for the machines. */
const GOARCH = { x86_64: 'amd64', aarch64: 'arm64' } as const;

/**
 * A profile as it applies to a container.
 *
 * @param more - actions besides those that every profile can have
 * @throws {Error} that names what is wrong in the file, and where
 */
export function profileFor(file: ProfileFile, situation: Situation, more: Actions = {}): Profile {
  const actions = { ...ACTIONS, ...more };
  if (file === null || typeof file !== 'object' || Array.isArray(file)) fail('', 'expected an object', file);
  if (file.listenerPath)
    fail('listenerPath', 'a listener can’t be served by this runtime: leave it out', file.listenerPath);
  const rules = list('syscalls', file.syscalls).map((rule, nth) => [rule, `syscalls[${nth}]`] as const);
  return {
    otherwise: action(actions, 'defaultAction', file.defaultAction, file.defaultErrnoRet),
    architectures: architectures(file, situation.arch),
    flags: flags(file.flags),
    rules: rules.flatMap(([rule, at]) => {
      const read = ruleIn(rule, at, actions); // what doesn't apply is checked, too
      return applies(rule, situation, at) ? [read] : [];
    }),
  };
}

/** The text of a profile file. Arguments have 64 bits, and a number of JavaScript's holds 53: so they are read as they are written. */
export function parseProfile(text: string): ProfileFile {
  return JSON.parse(text, ((key: string, value: unknown, context: { source?: string }) =>
    (key === 'value' || key === 'valueTwo') && /^\d+$/.test(context.source ?? '')
      ? BigInt(context.source ?? 0)
      : value) as (key: string, value: unknown) => unknown) as ProfileFile;
}

/** Without a list of flags, as runc has it, the filter slows no program down to guard it from itself. With an empty list, there is none. */
function flags(names: ProfileFile['flags']): number {
  if (names === undefined || names === null) return SECCOMP_FILTER_FLAG_SPEC_ALLOW;
  return list('flags', names).reduce((sum, flag, nth) => sum | oneOf(`flags[${nth}]`, flag, FILTER_FLAGS), 0);
}

function architectures({ architectures, archMap }: ProfileFile, native: Situation['arch']): Architecture[] {
  const [named, mapped] = [list('architectures', architectures), list('archMap', archMap)];
  if (named.length > 0 && mapped.length > 0) fail('archMap', 'use it or architectures, not both', '');
  const entry = mapped.find(({ architecture }, nth) => known(`archMap[${nth}].architecture`, architecture) === native);
  const more = [...named, ...list('subArchitectures', entry?.subArchitectures)];
  return [...new Set([native, ...more.flatMap((name, nth) => known(`architectures[${nth}]`, name) ?? [])])];
}

function known(at: string, name: string): Architecture | undefined {
  if (Object.hasOwn(ARCH, name)) return ARCH[name];
  return OTHER_ARCH.test(name) ? undefined : fail(at, `expected one of ${Object.keys(ARCH).join(', ')}`, name);
}

function ruleIn(rule: DockersRule, at: string, actions: Actions): Rule {
  if (rule.name && rule.names?.length) fail(`${at}.name`, 'use it or names, not both', rule.name);
  const names = rule.name ? [rule.name] : list(`${at}.names`, rule.names);
  if (names.length === 0) fail(`${at}.names`, 'expected the name of a system call at least', names);
  return {
    names,
    action: action(actions, `${at}.action`, rule.action, rule.errnoRet ?? undefined),
    conditions: list(`${at}.args`, rule.args).map((one, nth) => condition(one, `${at}.args[${nth}]`)),
  };
}

function condition({ index, value, valueTwo = 0, op }: Args, at: string): Condition {
  const comparison = COMPARISONS.find((one) => op === `SCMP_CMP_${one}`) as Comparison | undefined;
  if (!comparison)
    return fail(`${at}.op`, `expected one of ${COMPARISONS.map((one) => `SCMP_CMP_${one}`).join(', ')}`, op);
  if (!Number.isInteger(index) || index < 0 || index > 5) fail(`${at}.index`, 'expected 0 to 5', index);
  return { index, op: comparison, value: word(`${at}.value`, value), valueTwo: word(`${at}.valueTwo`, valueTwo) };
}

function word(at: string, value: number | bigint): bigint {
  const isNumber = typeof value === 'bigint' || Number.isSafeInteger(value);
  const wanted = 'expected a whole number from 0 to 18446744073709551615';
  if (!isNumber || value < 0 || BigInt(value) >= 1n << 64n) fail(at, wanted, String(value));
  return BigInt(value);
}

function action(actions: Actions, at: string, name: string, errno = EPERM): number {
  const code = oneOf(at, name, actions);
  if (code !== SECCOMP_RET_ERRNO && code !== SECCOMP_RET_TRACE) return code;
  if (!Number.isInteger(errno) || errno < 0 || errno > 0xffff) fail(at, 'expected an errno of 0 to 65535', errno);
  return code | errno;
}

function applies(
  { includes = {}, excludes = {} }: DockersRule,
  { arch, capabilities, kernel }: Situation,
  at: string,
): boolean {
  const isHere = (arches?: readonly string[]) => arches?.includes(GOARCH[arch]) ?? false;
  const has = (cap: string) => capabilities.includes(cap);
  if (includes.arches?.length && !isHere(includes.arches)) return false;
  if (isHere(excludes.arches) || excludes.caps?.some(has)) return false;
  if (includes.caps?.length && !includes.caps.every(has)) return false;
  if (includes.minKernel && !isAtLeast(kernel, includes.minKernel, `${at}.includes.minKernel`)) return false;
  return !(excludes.minKernel && isAtLeast(kernel, excludes.minKernel, `${at}.excludes.minKernel`));
}

function isAtLeast(kernel: string, wanted: string, at: string): boolean {
  if (!/^\d+\.\d+$/.test(wanted)) fail(at, 'expected a kernel’s version such as 4.8', wanted);
  const [major = 0, minor = 0] = wanted.split('.').map(Number);
  const [ours = 0, ourMinor = 0] = kernel.split(/[.-]/).map(Number);
  return ours > major || (ours === major && ourMinor >= minor);
}

function oneOf(at: string, name: string, of: Readonly<Record<string, number>>): number {
  if (typeof name === 'string' && Object.hasOwn(of, name)) return of[name] as number;
  return fail(at, `expected one of ${Object.keys(of).join(', ')}`, name);
}

function list<T>(at: string, value: readonly T[] | null | undefined): readonly T[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : fail(at, 'expected a list', value);
}

function fail(at: string, wanted: string, got: unknown): never {
  const shown = typeof got === 'bigint' ? String(got) : JSON.stringify(got);
  throw new Error(`seccomp profile${at && `, ${at}`}: ${wanted}, got ${shown}`);
}
