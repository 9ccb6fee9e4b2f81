import type { DeviceRule, Request } from '../src/devices/rules.ts';

/** What is to be: one rule about the device, or all about just the same devices together, allow each access. */
export function allows(rules: readonly DeviceRule[], { type, major, minor, access }: Request): boolean {
  const fitting = rules.filter(
    (rule) =>
      rule.type === type &&
      (rule.major === null || rule.major === major) &&
      (rule.minor === null || rule.minor === minor),
  );
  const same = Map.groupBy(fitting, (rule) => `${rule.major}:${rule.minor}`);
  const isEnough = (all: readonly DeviceRule[]) =>
    [...access].every((one) => all.some((rule) => rule.access.includes(one)));
  return rules.some((rule) => rule.type === 'a') || [...same.values()].some(isEnough);
}

/** What the kernel hands to a program: struct bpf_cgroup_dev_ctx. */
export function asked({ type, major, minor, access }: Request): Uint8Array {
  const bits = [...access].reduce((all, one) => all | { m: 1, r: 2, w: 4 }[one as 'm' | 'r' | 'w'], 0);
  return new Uint8Array(new Uint32Array([(bits << 16) | (type === 'b' ? 1 : 2), major, minor]).buffer);
}

/** Numbers that look random and are the same each time. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ACCESSES = ['r', 'w', 'm', 'rw', 'rm', 'wm', 'rwm'];

/** Rules about few numbers, so that many of them meet; none is any. */
export function generated(
  random: (below: number) => number,
  most: number,
  majors: readonly number[] = [1, 1, 5, 7],
  minors: readonly number[] = [0, 3, 5, 7],
): DeviceRule[] {
  const one = (of: readonly number[]) => of[random(of.length + 1)] ?? null;
  return Array.from({ length: random(most + 1) }, () => ({
    type: random(40) === 0 ? 'a' : random(2) === 0 ? 'b' : 'c',
    major: one(majors),
    minor: one(minors),
    access: ACCESSES[random(ACCESSES.length)] as string,
  }));
}
