import { existsSync } from 'node:fs';
import { BPF_ALU, BPF_JA, BPF_JEQ, BPF_JGT, BPF_LD, BPF_RET, type SockFilter } from 'shared-native';
import { describe, expect, test } from 'vitest';
import { runFilter } from '../../../shared-native/src/model/process/filter.ts';
import { CAPABILITIES, DEFAULT } from '../src/capabilities.ts';
import { compile } from '../src/seccomp/compile.ts';
import { DOCKERS_DEFAULT } from '../src/seccomp/default.ts';
import { ARCHITECTURES, type Architecture, NUMBERS } from '../src/seccomp/numbers.ts';
import { COMPARISONS, type Condition, type Profile, type Rule } from '../src/seccomp/profile.ts';
import { profileFor } from '../src/seccomp/read.ts';
import { byLibseccomp, libseccompKnows } from './libseccomp.ts';

const HERE = existsSync('/usr/lib/x86_64-linux-gnu/libseccomp.so.2') && process.arch === 'x64';
const AUDIT: Record<Architecture, number> = {
  x86_64: 0xc000_003e,
  x86: 0x4000_0003,
  x32: 0xc000_003e,
  aarch64: 0xc000_00b7,
  arm: 0x4000_0028,
};
const ALLOW = 0x7fff_0000;
const errno = (number: number) => 0x5_0000 | number;

/** What a filter answers to a call. */
function ask(
  filter: readonly SockFilter[],
  arch: Architecture | number,
  number: number,
  args: readonly bigint[] = [],
): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, arch === 'x32' ? number + 0x4000_0000 : number, true);
  data.setUint32(4, typeof arch === 'number' ? arch : AUDIT[arch], true);
  for (const [nth, arg] of args.entries()) data.setBigUint64(16 + 8 * nth, arg, true);
  return runFilter(filter, data) >>> 0;
}

/** How many instructions a filter takes to decide on a call of x86-64 whose arguments are 0. */
function instructionsFor(filter: readonly SockFilter[], number: number): number {
  const data = new Map([
    [0, number],
    [4, AUDIT.x86_64],
  ]);
  let [at, word, taken] = [0, 0, 0];
  for (;;) {
    const { code, jt = 0, jf = 0, k } = filter[at] as SockFilter;
    taken++;
    at++;
    if ((code & 7) === BPF_RET) return taken;
    if ((code & 7) === BPF_LD) word = data.get(k) ?? 0;
    else if ((code & 7) === BPF_ALU) word &= k;
    else if ((code & 0xf0) === BPF_JA) at += k;
    else at += isTrue(code & 0xf0, word, k) ? jt : jf;
  }
}

function isTrue(test: number, word: number, k: number): boolean {
  return test === BPF_JEQ ? word === k : test === BPF_JGT ? word > k : word >= k;
}

const numberOf = (name: string, arch: Architecture = 'x86_64') =>
  NUMBERS[name]?.[ARCHITECTURES.indexOf(arch)] as number;
const dockers = (capabilities = DEFAULT, arch: 'x86_64' | 'aarch64' = 'x86_64') =>
  profileFor(DOCKERS_DEFAULT, { arch, capabilities, kernel: '6.18.0' });

describe('docker’s default', () => {
  const filter = compile(dockers());
  const answer = (name: string, ...args: bigint[]) => ask(filter, 'x86_64', numberOf(name), args);

  test('lets through what a program needs, and refuses what reaches for the host', () => {
    expect(['read', 'execve', 'chroot', 'ptrace', 'io_setup'].map((name) => answer(name))).toEqual(
      Array(5).fill(ALLOW),
    );
    const refused = [
      'mount',
      'unshare',
      'setns',
      'keyctl',
      'add_key',
      'bpf',
      'kexec_load',
      'init_module',
      'io_uring_setup',
    ];
    expect(refused.map((name) => answer(name))).toEqual(Array(refused.length).fill(errno(1)));
  });

  test('refuses 75 of the 384 calls of x86-64, and 42 of these come with a capability', () => {
    const all = Object.entries(NUMBERS).filter(([, numbers]) => numbers[0] !== null);
    const refusedBy = (filter: readonly SockFilter[]) => {
      const allows = (number: number) =>
        samples(dockers()).some((args) => ask(filter, 'x86_64', number, args) === ALLOW);
      return all.flatMap(([name, [number]]) => (allows(number as number) ? [] : [name]));
    };
    expect([all.length, refusedBy(filter).length]).toEqual([384, 75]);
    expect(refusedBy(compile(dockers(CAPABILITIES))).length).toBe(75 - 42);
  });

  test('clone makes threads and processes, but no namespaces; clone3 doesn’t exist', () => {
    expect(answer('clone', 0x11n)).toBe(ALLOW);
    for (const flag of [0x2_0000n, 0x400_0000n, 0x1000_0000n, 0x4000_0000n])
      expect(answer('clone', flag | 0x11n), `flag ${flag.toString(16)}`).toBe(errno(1));
    expect(answer('clone3')).toBe(errno(38));
  });

  test('sockets of AF_ALG and AF_VSOCK are refused, those beside them aren’t', () => {
    expect([1n, 2n, 37n, 38n, 39n, 40n, 41n].map((family) => answer('socket', family) === ALLOW)).toEqual([
      ...[true, true, true, false, true, false, true],
    ]);
    expect(answer('socket', (1n << 32n) | 38n), 'an argument has 64 bits').toBe(ALLOW);
  });

  test('a call that is newer than the profile doesn’t exist: ENOSYS, and programs try an older one', () => {
    expect(ask(filter, 'x86_64', 1000)).toBe(errno(38));
  });

  test('a machine that the profile doesn’t name is killed', () => {
    expect(ask(filter, 'aarch64', 0)).toBe(0);
    expect(ask(filter, 0xdead_beef, 0)).toBe(0);
  });

  test('programs of 32 bits and of x32 meet the same rules under their own numbers', () => {
    for (const arch of ['x86', 'x32'] as const) {
      expect(ask(filter, arch, numberOf('read', arch))).toBe(ALLOW);
      expect(ask(filter, arch, numberOf('mount', arch))).toBe(errno(1));
    }
  });

  test('decides on a call of x86-64 after 12 instructions, give or take a few, and 18 at most', () => {
    const numbers = Object.values(NUMBERS).flatMap(([number]) => number ?? []);
    const taken = numbers.map((number) => instructionsFor(filter, number));
    expect(Math.max(...taken)).toBeLessThanOrEqual(18);
    expect(taken.reduce((sum, one) => sum + one, 0) / taken.length).toBeLessThan(12);
  });

  test('is short: fewer instructions than there are calls', () => {
    expect(compile({ ...dockers(), architectures: ['x86_64'] }).length).toBeLessThan(130);
    expect(compile(dockers()).length * 8, 'the kernel’s copy fits into a page').toBeLessThanOrEqual(4096);
  });
});

/** Calls whose every argument could matter: the values that conditions name, and those beside them. */
function samples({ rules }: Profile): bigint[][] {
  const values = rules.flatMap(({ conditions }) => conditions.flatMap(({ value, valueTwo }) => [value, valueTwo]));
  const near = [...new Set(values)].flatMap((value) => [value - 1n, value, value + 1n, value ^ (1n << 32n)]);
  const all = [...new Set([0n, (1n << 64n) - 1n, ...near].map((value) => BigInt.asUintN(64, value)))];
  return all.flatMap((value) => [[value, value, value, value, value, value], ...[0, 1, 2].map((at) => one(at, value))]);
}
const one = (at: number, value: bigint) => Array.from({ length: 6 }, (_, nth) => (nth === at ? value : 0n));

/** Asks both of every number up to the last that libseccomp knows. */
function agree(profile: Profile, about = samples(profile)): void {
  const [ours, theirs] = [compile(profile), byLibseccomp(profile)];
  const named = new Set(profile.rules.flatMap(({ names }) => names));
  for (const arch of ARCHITECTURES.filter((one) => profile.architectures.includes(one))) {
    const conditional = new Set(
      profile.rules
        .filter(({ conditions }) => conditions.length > 0)
        .flatMap(({ names }) => names.map((name) => numberOf(name, arch))),
    );
    const last = Math.max(0, ...[...named].map((name) => numberOf(name, arch) ?? 0));
    for (const [name, numbers] of Object.entries(NUMBERS)) {
      const number = numbers[ARCHITECTURES.indexOf(arch)];
      const isKnown = libseccompKnows(name, arch) !== -1;
      if (number === null || number === undefined || !isKnown || number > last) continue;
      const isMultiplexer = name === 'socketcall';
      const tried = conditional.has(number)
        ? about
        : isMultiplexer
          ? Array.from({ length: 30 }, (_, nth) => one(0, BigInt(nth)))
          : [[]];
      const isNarrow = arch === 'x86' || arch === 'arm';
      for (const args of tried.map((all) => (isNarrow ? all.map((arg) => BigInt.asUintN(32, arg)) : all))) {
        const [mine, others] = [ask(ours, arch, number, args), ask(theirs, arch, number, args)];
        if (mine !== others) expect(mine.toString(16), `${arch} ${name}(${args.join(', ')})`).toBe(others.toString(16));
      }
    }
  }
}

describe.runIf(HERE)('libseccomp decides the same', () => {
  const CAPABILITIES = [...new Set(DOCKERS_DEFAULT.syscalls?.flatMap(({ includes }) => includes?.caps ?? []))];

  test('of docker’s default, with every capability added and dropped, for every call', () => {
    agree(dockers());
    for (const added of CAPABILITIES) agree(dockers([...DEFAULT, added]));
    for (const dropped of DEFAULT) agree(dockers(DEFAULT.filter((cap) => cap !== dropped)));
    agree(dockers([]));
    agree(dockers([...DEFAULT, ...CAPABILITIES]));
  });

  test.each(['x86_64', 'x86', 'x32'] as const)('of docker’s default for %s alone', (arch) => {
    agree({ ...dockers(), architectures: [arch] });
  });

  test('of docker’s default for arm', () => {
    agree({ ...dockers(DEFAULT, 'aarch64'), architectures: ['aarch64', 'arm'] });
  });

  /**
   * One rule a call: of several, libseccomp 2.5.4 makes a tree that compares one argument in place of another, or stops at
   * the upper half. And no semop, with which it forgets to load the number in its part for x86.
   */
  test('of 40 generated profiles', () => {
    const random = generator(20261126);
    for (let nth = 0; nth < 40; nth++) agree(generated(random, 1, [[ALLOW, errno(5)][random(2)] as number]));
  });
});

test('a filter answers as the rules say, the first whose conditions are true', () => {
  const random = generator(7);
  for (let nth = 0; nth < 40; nth++) {
    const profile = { ...generated(random, 4, [ALLOW, errno(5), errno(6)]), architectures: ['x86_64'] as const };
    const filter = compile(profile);
    for (const name of new Set(profile.rules.flatMap(({ names }) => names)))
      for (const args of samples(profile)) {
        const [is, should] = [ask(filter, 'x86_64', numberOf(name), args), meant(profile, name, args)];
        if (is !== should) expect(is, `${name}(${args.join(', ')})`).toBe(should);
      }
  }
});

/** The same without halves and jumps. */
function meant({ rules, otherwise }: Profile, name: string, args: readonly bigint[]): number {
  const own = rules.filter(({ names }) => names.includes(name));
  const isTrue = ({ index, op, value, valueTwo }: Condition) => {
    const arg = args[index] as bigint;
    if (op === 'MASKED_EQ') return (arg & value) === (valueTwo & value);
    return {
      EQ: arg === value,
      NE: arg !== value,
      LT: arg < value,
      LE: arg <= value,
      GT: arg > value,
      GE: arg >= value,
    }[op];
  };
  const rule =
    own.find(({ conditions }) => conditions.length === 0) ?? own.find(({ conditions }) => conditions.every(isTrue));
  return rule?.action ?? otherwise;
}

/** @param most - how many rules a call may have */
function generated(random: (below: number) => number, most: number, actions: readonly number[]): Profile {
  const names = ['read', 'socket', 'clone', 'personality', 'ioctl', 'prctl', 'bind', 'openat', 'execve', 'io_setup'];
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const architectures = pick([['x86_64'], ['x86_64', 'x86'], ['x86_64', 'x86', 'x32']] as const);
  // Of a number that an architecture's arguments can't have, libseccomp compares the lower half.
  const wide = architectures.length === 1 ? [1n << 32n, (1n << 32n) | 7n, (1n << 63n) | 1n, (1n << 64n) - 1n] : [];
  const value = () => pick([0n, 1n, 2n, 7n, 8n, 0xffff_ffffn, ...wide]);
  const condition = (index: number): Condition => ({ index, op: pick(COMPARISONS), value: value(), valueTwo: value() });
  const rules = names.flatMap((name): Rule[] =>
    Array.from({ length: random(2) * (1 + random(most)) }, () => ({
      names: [name],
      action: pick(actions),
      conditions: [0, 1, 2].filter(() => random(2) === 0).map(condition),
    })),
  );
  return {
    otherwise: errno(1),
    architectures,
    flags: 0,
    rules,
  };
}

/** Numbers that look random and are the same each time. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
