import type { Command } from 'commander';
import { each, userNamespace } from 'step-09';
import { type Device, devices, hostDevices } from './device.ts';
import { type DeviceRule, deviceRule } from './rules.ts';

/** The flags about devices, as commander gives them. */
export interface DeviceFlags {
  device?: Device[][];
  deviceCgroupRule?: DeviceRule[];
}

/** What a container gets of the host's devices. */
export interface DeviceOptions {
  readonly devices: readonly Device[];
  /** What it may do besides, to devices that it has no node of, or gets one of later. */
  readonly deviceRules: readonly DeviceRule[];
  /** Can this process say what a cgroup may do to devices? Only root of the host can; an ordinary user's container can make no node. */
  readonly devicesRuled: boolean;
}

/** Adds the flags to a command. */
export function deviceFlags(command: Command): Command {
  return command
    .option(
      '--device <host[:container[:rwm]]>',
      "one of the host's devices, or all of those in a directory",
      each(devices),
    )
    .option(
      '--device-cgroup-rule <rule>',
      "devices that it may use, without making nodes for them: 'c 42:* rwm'",
      each(deviceRule),
    );
}

/** What the flags mean. A privileged container has every device of the host's; `--device` may add one under another name. */
export function deviceOptions({ device = [], deviceCgroupRule = [] }: DeviceFlags, privileged: boolean): DeviceOptions {
  const named = device.flat();
  const devicesRuled = userNamespace().isFirst;
  if (!privileged) return { devices: named, deviceRules: deviceCgroupRule, devicesRuled };
  const all = hostDevices();
  const there = new Set(all.map(({ path }) => path));
  return { devices: [...all, ...named.filter(({ path }) => !there.has(path))], deviceRules: [], devicesRuled };
}
