/** What may be done to a device: read it, write it, make a node of it. */
export type Access = string;

/** What a container may do to devices: `null` stands for every number, and `a` for everything, whatever else it says. */
export interface DeviceRule {
  readonly type: 'a' | 'b' | 'c';
  readonly major: number | null;
  readonly minor: number | null;
  readonly access: Access;
}

/** What a process wants to do to a device: `access` holds all of it, such as rw for an open. */
export interface Request {
  readonly type: 'b' | 'c';
  readonly major: number;
  readonly minor: number;
  readonly access: Access;
}

/**
 * What every container may do, as docker's: make any node, and open null, zero, full, random, urandom, tty, console, terminals,
 * and /dev/net/tun, if it has a node of it.
 */
export const DEFAULT_RULES: readonly DeviceRule[] = [
  rule('c', null, null, 'm'),
  rule('b', null, null, 'm'),
  ...[3, 5, 7, 8, 9].map((minor) => rule('c', 1, minor)),
  ...[0, 1, 2].map((minor) => rule('c', 5, minor)),
  rule('c', 10, 200),
  rule('c', 136, null),
];

/** What a privileged container may do. */
export const EVERYTHING: DeviceRule = rule('a', null, null);

function rule(
  type: DeviceRule['type'],
  major: number | null,
  minor: number | null,
  access: Access = 'rwm',
): DeviceRule {
  return { type, major, minor, access };
}

/**
 * Reads `--device-cgroup-rule 'c 1:3 rwm'`: type, numbers, access; `*` is any number.
 *
 * @throws {Error} if it isn't of this form
 */
export function deviceRule(text: string): DeviceRule {
  const [, type, major, minor, access] = /^([abc]) (\d+|\*):(\d+|\*) ([rwm]{1,3})$/.exec(text) ?? [];
  const numbers = [major, minor].map((digits = '*') => (digits === '*' ? null : Number(digits)));
  const [first = null, second = null] = numbers;
  if (type !== undefined && numbers.every((number) => (number ?? 0) < 2 ** 32))
    return { type: type as DeviceRule['type'], major: first, minor: second, access: inOrder(access) };
  throw new Error(`invalid device cgroup format ${JSON.stringify(text)}: expected, say, 'c 42:* rwm'`);
}

/** A rule as cgroup v1 takes it: `c 1:3 rwm`. */
export function ruleText({ type, major, minor, access }: DeviceRule): string {
  return `${type} ${major ?? '*'}:${minor ?? '*'} ${access}`;
}

/**
 * The rules in which those about the same devices are one, as the kernel has them in v1; one that allows everything, alone, if
 * any does.
 */
export function merged(rules: readonly DeviceRule[]): DeviceRule[] {
  if (rules.some(({ type }) => type === 'a')) return [EVERYTHING];
  const same = Map.groupBy(rules, ({ type, major, minor }) => `${type} ${major}:${minor}`);
  return [...same.values()].map((all) => ({
    ...(all[0] as DeviceRule),
    access: inOrder(all.map(({ access }) => access).join('')),
  }));
}

/** Does one of the rules allow all that is wanted? So v1 decides. */
export function allows(rules: readonly DeviceRule[], { type, major, minor, access }: Request): boolean {
  const fits = (rule: number | null, number: number) => rule === null || rule === number;
  return rules.some(
    (rule) =>
      rule.type === 'a' ||
      (rule.type === type &&
        fits(rule.major, major) &&
        fits(rule.minor, minor) &&
        [...access].every((one) => rule.access.includes(one))),
  );
}

function inOrder(access: Access = ''): Access {
  return [...'rwm'].filter((one) => access.includes(one)).join('');
}
