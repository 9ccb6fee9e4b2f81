import { type Command, Option } from 'commander';
import { Misuse } from 'step-10';

/** Flags of docker's `run` that mean nothing here, and why. One with `<…>` has a value; another counts if it is set. */
const NOT_HERE: readonly (readonly [flags: string, why: string])[] = [
  ['--use-api-socket', 'there is no daemon, and so no socket'],
];

/** Those that docker has for Windows alone: on Linux it refuses them, and exits with 1. */
const WINDOWS: readonly (readonly [flags: string, instead: string])[] = [
  ['--cpu-count <number>', '--cpus'],
  ['--cpu-percent <number>', '--cpus'],
  ['--io-maxbandwidth <bytes>', '--device-read-bps and --device-write-bps'],
  ['--io-maxiops <number>', '--device-read-iops and --device-write-iops'],
];

/** Those of which docker, too, takes only some values on such a machine: the ones there are, and what it says of others. */
const ONLY: readonly (readonly [
  flags: string,
  what: string,
  values: readonly string[],
  refusal: (value: string) => string,
])[] = [
  ['--gpus <request>', 'needs a vendor’s hook; pass the devices on with --device', [], noGpu],
  [
    '--isolation <technology>',
    'only default: on Linux a container is isolated by namespaces',
    ['', 'default'],
    noIsolation,
  ],
  [
    '--runtime <name>',
    'boxstep, or docker’s name for what it runs by default: runc',
    ['', 'boxstep', 'runc'],
    noRuntime,
  ],
  ['--storage-opt <name=value>', 'overlay has no size; use a volume on a filesystem that has one', [], noStorage],
  ['--volume-driver <name>', 'only local: volumes are directories', ['', 'local'], noDriver],
];

/** Adds docker's flags that aren't here, so that the help names them, and says why. A command that gives one is refused. */
export function notHere(command: Command): Command {
  for (const [flags, why] of NOT_HERE) {
    const option = new Option(flags, `not here: ${why}`);
    if (option.required)
      option.argParser(() => {
        throw refusalOf(option, why);
      });
    command.addOption(option);
  }
  for (const [flags, instead] of WINDOWS) command.option(flags, `Windows’; use ${instead}`);
  for (const [flags, what, values, refusal] of ONLY)
    command.addOption(
      new Option(flags, what).argParser((value: string) => {
        if (!values.includes(value)) throw new Misuse(refusal(value));
        return value;
      }),
    );
  return command
    .option('--disable-content-trust', 'docker has given up what it disabled', true)
    .option('--kernel-memory <bytes>', 'docker and the kernel have given it up; use --memory');
}

/** @throws {Misuse} if a flag is given that docker has for Windows alone, or a switch is set that isn't here */
export function refuseNotHere(flags: object): void {
  const given = flags as Record<string, unknown>;
  for (const [name] of WINDOWS) {
    const option = new Option(name);
    if (given[option.attributeName()] !== undefined)
      throw new Misuse(
        `"${option.long}" is only supported on a Docker daemon running on windows, but the Docker daemon is running on linux`,
        1,
      );
  }
  for (const [name, why] of NOT_HERE) {
    const option = new Option(name);
    if (given[option.attributeName()]) throw refusalOf(option, why);
  }
}

function refusalOf({ long }: Option, why: string): Misuse {
  return new Misuse(`${long} is a flag of docker’s that isn’t here: ${why}`);
}

function noGpu(): string {
  return 'could not select device driver "" with capabilities: [[gpu]]';
}

function noIsolation(value: string): string {
  return `invalid isolation (${value}): linux only supports 'default'`;
}

function noRuntime(value: string): string {
  return `unknown or invalid runtime name: ${value}`;
}

function noStorage(value: string): string {
  const [name] = value.split('=');
  if (name !== 'size') return `Unknown option ${name}`;
  return "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
}

function noDriver(value: string): string {
  return `error looking up volume plugin ${value}: plugin "${value}" not found`;
}
