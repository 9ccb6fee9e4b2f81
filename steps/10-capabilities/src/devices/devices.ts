import { symlink } from 'shared-native';
import { type Addition, inhabited } from 'step-09';
import type { Options } from '../options.ts';
import { allowDevices } from './allow.ts';
import type { Device } from './device.ts';
import { deviceNodes } from './nodes.ts';
import { DEFAULT_RULES, type DeviceRule, EVERYTHING } from './rules.ts';

/** What a container may do to devices: what every one may, what its flags say, and to those that it was given. */
export function rulesFor({
  privileged,
  devices,
  deviceRules,
}: Pick<Options, 'privileged' | 'devices' | 'deviceRules'>): DeviceRule[] {
  return privileged ? [EVERYTHING] : [...DEFAULT_RULES, ...devices.map(ruleOf), ...deviceRules];
}

function ruleOf({ type, major, minor, access }: Device): DeviceRule {
  return { type, major, minor, access };
}

/**
 * What a container gets of the host's devices, and what it may do to any.
 *
 * @param bound - is it in a user namespace, in which no node can be made?
 */
export function deviceAddition(options: Options, bound: boolean) {
  const { name, hierarchies, rootfs, devices, devicesRuled } = options;
  return {
    actions: devicesRuled ? allowDevices(rulesFor(options), name, hierarchies, inhabited(options)) : [],
    inside: [...core(options), ...deviceNodes(devices.filter(isMissing), rootfs, bound)],
  } satisfies Addition;
}

/** Step 2 has made these, in a /dev of the container's own. */
const THERE = ['full', 'null', 'ptmx', 'random', 'tty', 'urandom', 'zero'];

function isMissing({ path }: Device): boolean {
  return !THERE.some((name) => path === `/dev/${name}`);
}

/** Where programs of old look for the kernel's memory: what it leads to is masked. */
function core({ kernel }: Options) {
  const { path } = kernel.masked.find((place) => place.path === '/proc/kcore') ?? {};
  return path === undefined ? [] : [symlink(path, '/dev/core')];
}
