import { type Command, Option } from 'commander';
import {
  asFilter,
  bytesSize,
  confirmed,
  each,
  happened,
  inspection,
  listing,
  NO_MAP,
  naturally,
  put,
  type Row,
  Struct,
  type Subcommand,
  say,
} from 'step-06';
import { type DriverOptions, driverOptions } from '../volumes/device.ts';
import { isUsed } from '../volumes/lock.ts';
import { removeVolume } from '../volumes/remove.ts';
import { sizeOf } from '../volumes/size.ts';
import {
  createVolume,
  dataOf,
  randomName,
  type Volume,
  volumeAnyhow,
  volumeNamed,
  volumes,
  volumesDirectory,
} from '../volumes/store.ts';
import { usersOf } from '../volumes/users.ts';
import { isWanted, parseLabel } from './filter.ts';

const DOCKERS = { needsRoot: true, failure: 1 } as const;

/** The containers that keep a volume though they don't run, by id. */
export type Keepers = (volume: string) => readonly string[];

/**
 * `volume create`, `ls`, `inspect`, `rm`, `prune`.
 *
 * @param keepers - who, where containers outlive their command
 */
export const volumeCommands = (keepers: Keepers = () => []): Subcommand[] => [
  {
    ...DOCKERS,
    name: 'volume create',
    description: 'make a volume',
    positionals: [['[volume]', 'its name; without one, it gets a number']],
    options: (command) =>
      command
        .option('-d, --driver <name>', 'its driver: local')
        .addOption(new Option('--name <name>', 'its name: docker’s old way').hideHelp())
        .option(
          '-o, --opt <name=value>',
          'what is mounted there, as for mount: type=tmpfs, device=tmpfs, o=size=64m',
          each(String),
        )
        .option('--label <name=value>', 'what you want to know of it later', labels),
    run: (flags, [name]) => create(flags, soleName(name, flags.name)),
  },
  {
    ...DOCKERS,
    name: 'volume ls',
    description: 'list the volumes',
    positionals: [],
    options: (command) =>
      filterOption(command, '-f, --filter')
        .option('--format <template>', 'as json, or a text such as "{{.Name}} {{.Driver}}"')
        .option('-q, --quiet', 'only their names'),
    run: (flags) => list(flags),
  },
  {
    ...DOCKERS,
    name: 'volume inspect',
    description: 'tell all of volumes, as JSON',
    positionals: [['<volume...>', 'their names']],
    options: (command) => command.option('-f, --format <template>', 'as json, or a text such as "{{.Mountpoint}}"'),
    run: ({ format }, names) => inspection(names, inspectedVolume, format, false),
  },
  {
    ...DOCKERS,
    name: 'volume rm',
    description: 'remove volumes that no container uses, with all that is in them',
    positionals: [['<volume...>', 'their names']],
    options: (command) => command.option('-f, --force', 'say nothing of those that are not there'),
    run: (flags, names) => remove(flags, names, keepers),
  },
  {
    ...DOCKERS,
    name: 'volume prune',
    description: 'remove volumes that have no name and that no container uses',
    positionals: [],
    options: (command) =>
      filterOption(command).option('-a, --all', 'those with a name, too').option('-f, --force', 'do not ask'),
    run: (flags) => prune(flags, keepers),
  },
];

function filterOption(command: Command, flag = '--filter'): Command {
  return command.option(`${flag} <name=value>`, 'only those: name, label, driver, dangling', each(asFilter));
}

/** What `-o` says. @throws {Error} in docker's words, also for another driver than local */
function localOptions(name: string, driver: string, words: readonly string[]): DriverOptions {
  const wrong = (why: string) => new Error(`create ${name}: ${why}`);
  if (driver !== 'local')
    throw wrong(
      `error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found\nThe only driver of volumes here is "local"`,
    );
  try {
    return driverOptions(words);
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function labels(text: string, before: Record<string, string> = {}): Record<string, string> {
  return { ...before, ...parseLabel(text) };
}

/** @throws {Error} in docker's words, if a name is given in both ways */
function soleName(name: string | undefined, flag: string | undefined): string | undefined {
  if (name === undefined || flag === undefined) return name ?? flag;
  throw new Error('conflicting options: cannot specify a volume-name through both --name and as a positional arg');
}

interface CreateFlags {
  readonly label?: Record<string, string>;
  readonly driver?: string;
  readonly opt?: readonly string[];
}

function create({ label = {}, driver = 'local', opt = [] }: CreateFlags, name?: string): number {
  const anonymous = name === undefined || name === '';
  const called = anonymous ? randomName() : name;
  const options = localOptions(called, driver, opt);
  const asks = Object.keys(options).length > 0;
  createVolume(volumesDirectory(), { name: called, anonymous, labels: label, ...(asks && { options }) });
  put(`${called}\n`);
  return 0;
}

interface ListFlags {
  readonly quiet?: boolean;
  readonly filter?: string[];
  readonly format?: string;
}

function list({ quiet, filter, format }: ListFlags): number {
  const found = volumes(volumesDirectory())
    .filter(isWanted(filter))
    .sort((one, other) => naturally(one.name, other.name));
  if (quiet && (format === undefined || format === 'table')) put(found.map(({ name }) => `${name}\n`).join(''));
  else put(listing(found.map(summary), LAYOUT, format));
  return 0;
}

/** What there is of a volume for a template of `volume ls`. */
function summary(volume: Volume): Row {
  const labels = labelsOf(volume);
  return {
    Availability: 'N/A',
    Driver: 'local',
    Group: 'N/A',
    Labels: Object.entries(labels)
      .map((pair) => pair.join('='))
      .sort()
      .join(),
    Links: 'N/A',
    Mountpoint: dataOf(volumesDirectory(), volume.name),
    Name: volume.name,
    Scope: 'local',
    Size: 'N/A',
    Status: 'N/A',
    Label: (name) => labels[name] ?? '',
  };
}

const LAYOUT = {
  headings: {
    ...{ Name: 'VOLUME NAME', Driver: 'DRIVER', Scope: 'SCOPE', Mountpoint: 'MOUNTPOINT', Labels: 'LABELS' },
    ...{ Links: 'LINKS', Size: 'SIZE', Availability: 'AVAILABILITY', Group: 'GROUP', Status: 'STATUS' },
  },
  shown: ['Driver', 'Name'],
  type: '*formatter.volumeContext',
  raw: 'name: {{.Name}}\ndriver: {{.Driver}}\n',
};

/** All that is known of a volume, as docker's API has it. @throws {Error} if there is none */
export function inspectedVolume(name: string): Struct {
  const volume = volumeNamed(volumesDirectory(), name);
  if (!volume) throw new Error(`get ${name}: no such volume`);
  const all = labelsOf(volume);
  const known = {
    CreatedAt: volume.createdAt.replace(/\.\d+/, ''),
    Driver: 'local',
    Labels: Object.keys(all).length > 0 ? all : NO_MAP,
    Mountpoint: dataOf(volumesDirectory(), volume.name),
    Name: volume.name,
    Options: volume.options ?? NO_MAP,
    Scope: 'local',
  };
  return new Struct('volume.Volume', known, { Status: NO_MAP, UsageData: null, ClusterVolume: null });
}

function labelsOf({ labels, anonymous }: Volume): Readonly<Record<string, string>> {
  return { ...labels, ...(anonymous && { 'com.docker.volume.anonymous': '' }) };
}

function remove({ force }: { force?: boolean }, names: readonly string[], keepers: Keepers): number {
  let status = 0;
  for (const name of names) {
    const why = refusal(name, keepers);
    if (why === undefined || (force && why.endsWith('no such volume'))) put(`${name}\n`);
    else {
      say(why);
      status = 1;
    }
  }
  return status;
}

/** Removes a volume. @returns why not, if it couldn't */
function refusal(name: string, keepers: Keepers): string | undefined {
  if (!volumeAnyhow(volumesDirectory(), name)) return `get ${name}: no such volume`;
  const kept = keepers(name);
  if (kept.length === 0 && removeVolume(volumesDirectory(), name)) return undefined;
  const users = new Set([...kept, ...usersOf(name)]);
  return `remove ${name}: volume is in use - [${[...users].join(', ')}]`;
}

interface PruneFlags {
  readonly all?: boolean;
  readonly force?: boolean;
  readonly filter?: string[];
}

function prune(flags: PruneFlags, keepers: Keepers): number {
  const bytes = pruneVolumes(flags, keepers);
  if (bytes !== undefined) put(`Total reclaimed space: ${bytesSize(bytes)}\n`);
  return 0;
}

/** Removes volumes that no container uses, and says which. @returns the bytes that were in them; undefined if the answer was no */
export function pruneVolumes({ all, force, filter }: PruneFlags, keepers: Keepers): number | undefined {
  const wanted = isWanted(filter);
  const what = all ? 'all local volumes' : 'anonymous local volumes';
  if (!force && !confirmed(`This will remove ${what} not used by at least one container.`)) return undefined;
  const directory = volumesDirectory();
  const unused = volumes(directory).filter(
    (one) =>
      (all || one.anonymous) &&
      one.options === undefined && // what somebody chose to mount stays
      wanted(one) &&
      !isUsed(directory, one.name) &&
      keepers(one.name).length === 0,
  );
  let bytes = 0;
  const removed = unused.filter(({ name }) => {
    const size = sizeOf(dataOf(directory, name));
    const gone = removeVolume(directory, name);
    if (gone) bytes += size;
    return gone;
  });
  happened({ Type: 'volume', Action: 'prune', id: '', attributes: { reclaimed: String(bytes) } });
  if (removed.length > 0) put(`Deleted Volumes:\n${removed.map(({ name }) => `${name}\n`).join('')}\n`);
  return bytes;
}
