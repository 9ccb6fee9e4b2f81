import {
  AUDIT_ARCH_AARCH64,
  AUDIT_ARCH_ARM,
  AUDIT_ARCH_I386,
  AUDIT_ARCH_X86_64,
  BPF_JEQ,
  BPF_JMP,
  BPF_K,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_THREAD,
  type SockFilter,
} from 'shared-native';
import { load, returns, ruleCode } from './conditions.ts';
import { multiplexed } from './multiplexed.ts';
import { ARCHITECTURES, type Architecture, NUMBERS } from './numbers.ts';
import type { Profile, Rule } from './profile.ts';
import { withSharedReturns } from './shared-returns.ts';
import { choose, type Span } from './tree.ts';

/** struct seccomp_data begins with both. */
const NUMBER = 0;
const ARCHITECTURE = 4;

/** What the kernel calls the architectures; x32 is x86-64 with a bit in the number. */
const AUDIT_ARCH: Readonly<Record<Exclude<Architecture, 'x32'>, number>> = {
  x86_64: AUDIT_ARCH_X86_64,
  x86: AUDIT_ARCH_I386,
  aarch64: AUDIT_ARCH_AARCH64,
  arm: AUDIT_ARCH_ARM,
};
const X32_BIT = 0x4000_0000;

/** What a call gets that is made in numbers which the profile doesn't name. */
const FOREIGN = SECCOMP_RET_KILL_THREAD;
const ENOSYS = 38;

/**
 * A profile as the program that the kernel runs at every system call of the process: classic BPF, of which all jumps lead
 * forward, so it always comes to an end.
 *
 * @see {@link https://docs.kernel.org/userspace-api/seccomp_filter.html | seccomp filters}
 */
export function compile(profile: Profile): SockFilter[] {
  const { architectures } = profile;
  const parts = (['x86_64', 'x86', 'aarch64', 'arm'] as const)
    .filter((one) => architectures.includes(one) || (one === 'x86_64' && architectures.includes('x32')))
    .map((one) => [AUDIT_ARCH[one], [load(NUMBER), ...choose(spansOf(one, profile))]] as const);
  return withSharedReturns([
    load(ARCHITECTURE),
    ...parts.flatMap(([arch, code]) => onlyFor(arch, code)),
    returns(FOREIGN),
  ]);
}

/** Code for one architecture, skipped on others. */
function onlyFor(arch: number, code: readonly SockFilter[]): SockFilter[] {
  const is = { code: BPF_JMP | BPF_JEQ | BPF_K, k: arch };
  return [{ ...is, jt: 1, jf: 0 }, { code: BPF_JMP, k: code.length }, ...code];
}

/** What is done for each number, by runs of numbers for which it is the same. */
function spansOf(arch: Exclude<Architecture, 'x32'>, profile: Profile): Span[] {
  if (arch !== 'x86_64') return merged(numbersOf(arch, profile));
  const is = (one: Architecture) => profile.architectures.includes(one);
  const foreign = { from: 0, code: [returns(FOREIGN)] };
  const own = is('x86_64') ? numbersOf('x86_64', profile) : [foreign];
  const x32 = is('x32') ? numbersOf('x32', profile) : [foreign];
  return merged([...own, ...x32.map(({ from, code }) => ({ from: from + X32_BIT, code }))]);
}

function numbersOf(arch: Architecture, { rules, otherwise }: Profile): Span[] {
  const about = byNumber(arch, multiplexed(arch, rules));
  const highest = Math.max(-1, ...about.keys());
  const isWide = arch !== 'x32'; // where arguments have 32 bits, the kernel gives the filter 0 for the upper half
  const spans: Span[] = [];
  for (let number = 0; number <= highest; number++) {
    spans.push({ from: number, code: answer(about.get(number) ?? [], otherwise, isWide) });
  }
  return [...spans, { from: highest + 1, code: [returns(newer(otherwise))] }];
}

/** One rule without conditions is enough. Else the first whose conditions are true. */
function answer(rules: readonly Rule[], otherwise: number, isWide: boolean): SockFilter[] {
  const always = rules.find(({ conditions }) => conditions.length === 0);
  if (always) return [returns(always.action)];
  return [...rules.flatMap((rule) => ruleCode(rule, isWide)), returns(otherwise)];
}

/**
 * What a call gets that is newer than the profile. A program that is told EPERM gives up, but one that is told ENOSYS tries an
 * older call: so, as runc does, an errno becomes that one.
 */
function newer(otherwise: number): number {
  return (otherwise & 0xffff_0000) === SECCOMP_RET_ERRNO ? SECCOMP_RET_ERRNO | ENOSYS : otherwise;
}

function byNumber(arch: Architecture, rules: readonly Rule[]): Map<number, Rule[]> {
  const about = new Map<number, Rule[]>();
  const column = ARCHITECTURES.indexOf(arch);
  for (const rule of rules) {
    for (const name of rule.names) {
      const number = NUMBERS[name]?.[column] ?? undefined;
      if (number !== undefined) about.set(number, [...(about.get(number) ?? []), rule]);
    }
  }
  return about;
}

/** Neighbours that get the same answer are one span. */
function merged(spans: readonly Span[]): Span[] {
  return spans.filter(({ code }, nth) => nth === 0 || !isSameAnswer(code, (spans[nth - 1] as Span).code));
}

function isSameAnswer(one: Span['code'], other: Span['code']): boolean {
  return one.length === 1 && other.length === 1 && one[0]?.k === other[0]?.k;
}
