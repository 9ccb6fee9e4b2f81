import { type Command, Option } from 'commander';

/** Flags of docker's `run` that mean nothing here, and why. One with `<…>` has a value; another counts if it is set. */
const NOT_HERE: readonly (readonly [flags: string, why: string])[] = [
  ['-a, --attach <stream>', 'all of its output is attached, and its input with -i; with -d, nothing'],
  ['--annotation <name=value>', 'only an OCI runtime reads annotations; use --label'],
  ['--blkio-weight-device <device:weight>', 'a weight goes for all disks here; use --blkio-weight'],
  ['--cgroup-parent <cgroup>', 'all containers of a root are below one cgroup, so that prune finds them; use --root'],
  ['--cpu-count <number>', 'it is Windows’; use --cpus'],
  ['--cpu-percent <number>', 'it is Windows’; use --cpus'],
  [
    '--cpu-rt-period <microseconds>',
    'real-time groups are cgroup v1’s alone, and few kernels have them; use --cpu-period',
  ],
  [
    '--cpu-rt-runtime <microseconds>',
    'real-time groups are cgroup v1’s alone, and few kernels have them; use --cpu-quota',
  ],
  ['--gpus <request>', 'it needs a vendor’s hook; pass the devices on with --device'],
  ['--io-maxbandwidth <bytes>', 'it is Windows’; use --device-read-bps and --device-write-bps'],
  ['--io-maxiops <number>', 'it is Windows’; use --device-read-iops and --device-write-iops'],
  ['--isolation <technology>', 'it is Windows’: on Linux a container is isolated by namespaces'],
  ['--kernel-memory <bytes>', 'the kernel has given it up; use --memory'],
  ['--link <container:alias>', 'docker’s old way to find a container; use a network: network create, and --network'],
  ['--link-local-ip <address>', 'a bridge of ours leases no link-local addresses'],
  ['--memory-swappiness <number>', 'cgroup v2 has no such file; use --memory-swap'],
  ['--oom-kill-disable', 'cgroup v2 has no such file; use --oom-score-adj'],
  ['--runtime <name>', 'there is one runtime, this one'],
  ['--storage-opt <name=value>', 'overlay has no size of its own; use a volume on a filesystem that has one'],
  ['--use-api-socket', 'there is no daemon, and so no socket'],
  ['--volume-driver <name>', 'volumes have no drivers here: they are directories'],
];

/** Adds docker's flags that aren't here, so that the help names them, and says why. A command that gives one is refused. */
export function notHere(command: Command): Command {
  command.optionsGroup('Docker’s, and not here:');
  for (const [flags, why] of NOT_HERE) command.addOption(refusing(flags, why));
  return command;
}

function refusing(flags: string, why: string): Option {
  const option = new Option(flags, why);
  return flags.includes('<') ? option.argParser(() => refuse(option.long, why)) : option;
}

/** @throws {Error} if a switch that isn't here is set */
export function refuseNotHere(flags: object): void {
  for (const [name, why] of NOT_HERE) {
    const { long, ...option } = new Option(name);
    const key = new Option(name).attributeName();
    if (!option.required && (flags as Record<string, unknown>)[key] === true) refuse(long, why);
  }
}

function refuse(flag: string | undefined, why: string): never {
  throw new Error(`${flag} is a flag of docker’s that isn’t here: ${why}`);
}
