import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as previous from 'step-09';
import { each, Misuse, notOpened, typedPath } from 'step-09';
import { capability } from './capabilities.ts';
import { type DeviceFlags, type DeviceOptions, deviceFlags, deviceOptions } from './devices/flags.ts';
import { type Kernel, thisKernel } from './kernel.ts';
import { BUILTIN, profileOf } from './seccomp/filter.ts';
import { type Security as Given, securityOptions } from './security-opt.ts';
import { type Sysctl, sysctl } from './sysctls.ts';

/** What the processes of a container may do: as the flags say, on this kernel. */
export interface Confinement {
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  /** May it do anything? */
  readonly privileged: boolean;
  readonly security: Security;
  readonly kernel: Kernel;
}

/** What `--security-opt` says, with the text of the seccomp profile: BUILTIN for docker's, undefined for none. */
export interface Security extends Omit<Given, 'seccomp'> {
  readonly seccomp: string | undefined;
}

/** What a container is to be like. */
export interface Options extends previous.Options, Confinement, DeviceOptions {
  readonly sysctls: readonly Sysctl[];
  /** Say what it could do, as soon as it runs? */
  readonly audit: boolean;
}

/** What the flags of this step and of those before are, as commander gives them. */
export type Flags = previous.Flags &
  DeviceFlags & {
    capAdd?: string[];
    capDrop?: string[];
    privileged?: boolean;
    securityOpt?: string[];
    sysctl?: Sysctl[];
    audit?: boolean;
  };

/** Adds the flags of this step to those of the steps before. */
export function options(command: Command): Command {
  const before = previous.options(command).optionsGroup('Step 10, capabilities:');
  return deviceFlags(before)
    .option(
      '--cap-add <capability>',
      'an additional capability for root, such as NET_ADMIN, or ALL',
      each(known('CapAdd')),
    )
    .option('--cap-drop <capability>', 'a capability to drop, or ALL', each(known('CapDrop')))
    .option('--privileged', 'take down every wall: all capabilities and devices, no filter, nothing masked')
    .option(
      '--security-opt <option>',
      'no-new-privileges, seccomp=FILE, seccomp=unconfined, systempaths=unconfined',
      each(String),
    )
    .option('--sysctl <name=value>', 'a kernel setting in its network or IPC namespace', each(sysctl))
    .option('--audit', 'show what it can do, as soon as it runs: each wall, what it stops and what it lets through');
}

/** What reads a capability. docker names the flag by what it is in its API. */
function known(field: 'CapAdd' | 'CapDrop'): (text: string) => string {
  return (text) => {
    try {
      return capability(text);
    } catch (error) {
      throw new Error(`invalid ${field}: ${(error as Error).message}`, { cause: error });
    }
  };
}

/** The options that the flags and arguments of a command line mean. @throws {Error} if a profile can't be read */
export function read(flags: Flags, positionals: readonly string[]): Options {
  const { capAdd = [], capDrop = [], privileged = false, securityOpt = [], sysctl = [], audit = false } = flags;
  const kernel = thisKernel();
  const before = previous.read(flags, positionals);
  return {
    ...before,
    ...(privileged && asHost(before)),
    capAdd,
    capDrop,
    privileged,
    security: withProfile(securityOptions(securityOpt), privileged, kernel),
    sysctls: [...new Map(sysctl)],
    kernel,
    audit,
    ...deviceOptions(flags, privileged),
  };
}

/** To be privileged is to be the host's root. @throws {Error} with docker's words if it was to have users of its own */
function asHost({ userns, usernsGiven }: previous.Options): Pick<Options, 'userns'> {
  if (!usernsGiven || userns.mode === 'host') return { userns: { mode: 'host' } };
  throw new Error(
    'privileged mode is incompatible with user namespaces: run the container with --userns host to be privileged',
  );
}

function withProfile({ seccomp: file, ...security }: Given, privileged: boolean, kernel: Kernel): Security {
  if (file === 'unconfined') return { ...security, seccomp: undefined };
  if (file === undefined) return { ...security, seccomp: privileged ? undefined : BUILTIN };
  return { ...security, seccomp: file === '' ? BUILTIN : profileIn(file, kernel) };
}

/** The text of a profile file, which is one. @throws {Error} that names the file, and what is wrong in it */
function profileIn(file: string, kernel: Kernel): string {
  let text: string;
  try {
    text = readFileSync(typedPath(file), 'utf8');
  } catch (error) {
    throw new Misuse(`opening seccomp profile (${file}) failed: ${notOpened(file, error as Error).message}`);
  }
  try {
    profileOf(text, kernel);
    return text;
  } catch (error) {
    throw new Misuse(`compacting json for seccomp profile (${file}) failed: ${(error as Error).message}`);
  }
}
