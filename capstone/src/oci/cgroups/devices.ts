import { type ControllerFile, DEFAULT_RULES, type DeviceRule, EVERYTHING, merged, ruleText } from 'step-10';
import type { OciDeviceRule } from '../config/schema.ts';

/** Those of step 10, but for the machine's console, which no bundle is given without asking: as runc has it. */
const USUAL = DEFAULT_RULES.filter(({ major, minor }) => major !== 5 || minor !== 1);

/** The lines that v1 is given, in order. Whatever a bundle says, every container has the usual devices. */
export function deviceLines(given: readonly OciDeviceRule[]): ControllerFile[] {
  const line = (allow: boolean, rule: DeviceRule): ControllerFile => [
    allow ? 'devices.allow' : 'devices.deny',
    rule.type === 'a' ? 'a' : ruleText(rule),
  ];
  const first = given[0]?.type === 'a' || (given[0] && isAll(given[0])) ? [] : [line(false, EVERYTHING)];
  return [
    ...first,
    ...given.flatMap((one) => rulesOf(one).map((rule) => line(one.allow, rule))),
    ...USUAL.map((rule) => line(true, rule)),
  ];
}

/**
 * The rules for v2, where a program allows some and refuses all others.
 *
 * @returns undefined if all is allowed
 * @throws {Error} for a list that refuses single devices of those that it allows
 */
export function onlyAllowed(given: readonly OciDeviceRule[]): DeviceRule[] | undefined {
  let rules: readonly DeviceRule[] = [];
  for (const one of given) {
    if (isAll(one)) rules = one.allow ? [EVERYTHING] : [];
    else if (one.allow) rules = [...rules, ...rulesOf(one)];
    else rules = without(rules, rulesOf(one));
  }
  const all = merged([...rules, ...USUAL]);
  return all.includes(EVERYTHING) ? undefined : all;
}

function without(rules: readonly DeviceRule[], refused: readonly DeviceRule[]): DeviceRule[] {
  const same = (one: DeviceRule, other: DeviceRule) => ruleText(one) === ruleText(other);
  const isPartly = rules.some((rule) => refused.some((one) => !same(rule, one) && overlap(rule, one)));
  if (isPartly)
    throw new Error(
      'linux.resources.devices refuses some of the devices that it allows before, which this runtime can’t do in cgroup v2: list those that are allowed',
    );
  return rules.filter((rule) => !refused.some((one) => same(rule, one)));
}

function overlap(one: DeviceRule, other: DeviceRule): boolean {
  const may = (a: number | null, b: number | null) => a === null || b === null || a === b;
  const isType = one.type === 'a' || other.type === 'a' || one.type === other.type;
  return isType && may(one.major, other.major) && may(one.minor, other.minor);
}

function isAll({ type = 'a', major = -1, minor = -1, access = 'rwm' }: OciDeviceRule): boolean {
  const every = [...'rwm'].every((one) => access.includes(one));
  return (type === 'a' || type === '') && Number(major) < 0 && Number(minor) < 0 && (every || access === '');
}

/** A rule about both types is two. */
function rulesOf(rule: OciDeviceRule): DeviceRule[] {
  if (isAll(rule)) return [EVERYTHING];
  const { type = 'a', major = -1, minor = -1, access = 'rwm' } = rule;
  const number = (value: number | bigint) => (Number(value) < 0 ? null : Number(value));
  const types = type === 'b' || type === 'c' ? [type] : (['b', 'c'] as const);
  return types.map((one) => ({ type: one, major: number(major), minor: number(minor), access }));
}
