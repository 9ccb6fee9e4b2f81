import { readSync } from 'node:fs';
import type { Command } from 'commander';
import { bytesSize, each, put, type Subcommand, say } from 'step-06';
import { isUsed } from '../volumes/lock.ts';
import { removeVolume } from '../volumes/remove.ts';
import { sizeOf } from '../volumes/size.ts';
import {
  createVolume,
  dataOf,
  randomName,
  type Volume,
  volumeNamed,
  volumes,
  volumesDirectory,
} from '../volumes/store.ts';
import { usersOf } from '../volumes/users.ts';
import { type Filter, matches, parseFilter, parseLabel } from './filter.ts';

const DOCKERS = { needsRoot: true, failure: 1 } as const;

/** `volume create`, `ls`, `inspect`, `rm`, `prune`. */
export const volumeCommands: Subcommand[] = [
  {
    ...DOCKERS,
    name: 'volume create',
    description: 'make a volume',
    positionals: [['[volume]', 'its name; without one, it gets a number']],
    options: (command) =>
      command
        .option('-d, --driver <name>', 'its driver: local', onlyLocal)
        .option('--label <name=value>', 'what you want to know of it later', labels),
    run: (flags, [name]) => create(flags, name),
  },
  {
    ...DOCKERS,
    name: 'volume ls',
    description: 'list the volumes',
    positionals: [],
    options: (command) => filterOption(command).option('-q, --quiet', 'only their names'),
    run: (flags) => list(flags),
  },
  {
    ...DOCKERS,
    name: 'volume inspect',
    description: 'tell all of volumes, as JSON',
    positionals: [['<volume...>', 'their names']],
    run: (_, names) => inspect(names),
  },
  {
    ...DOCKERS,
    name: 'volume rm',
    description: 'remove volumes that no container uses, with all that is in them',
    positionals: [['<volume...>', 'their names']],
    options: (command) => command.option('-f, --force', 'say nothing of those that are not there'),
    run: (flags, names) => remove(flags, names),
  },
  {
    ...DOCKERS,
    name: 'volume prune',
    description: 'remove volumes that have no name and that no container uses',
    positionals: [],
    options: (command) =>
      filterOption(command).option('-a, --all', 'those with a name, too').option('-f, --force', 'do not ask'),
    run: (flags) => prune(flags),
  },
];

function filterOption(command: Command): Command {
  return command.option('--filter <name=value>', 'only those: name, label, driver, dangling', each(parseFilter));
}

function onlyLocal(name: string): string {
  if (name === 'local') return name;
  throw new Error(`plugin "${name}" not found: the only driver of volumes here is "local"`);
}

function labels(text: string, before: Record<string, string> = {}): Record<string, string> {
  return { ...before, ...parseLabel(text) };
}

function create({ label = {} }: { label?: Record<string, string> }, name?: string): number {
  const anonymous = name === undefined || name === '';
  const called = anonymous ? randomName() : name;
  createVolume(volumesDirectory(), { name: called, anonymous, labels: label });
  put(`${called}\n`);
  return 0;
}

function list({ quiet, filter }: { quiet?: boolean; filter?: Filter[] }): number {
  const found = volumes(volumesDirectory()).filter((one) => matches(one, filter));
  if (quiet) put(found.map(({ name }) => `${name}\n`).join(''));
  else put(`DRIVER    VOLUME NAME\n${found.map(({ name }) => `local     ${name}\n`).join('')}`);
  return 0;
}

function inspect(names: readonly string[]): number {
  const found = names.map((name) => ({ name, volume: volumeNamed(volumesDirectory(), name) }));
  put(
    `${JSON.stringify(
      found.flatMap(({ volume }) => (volume ? [told(volume)] : [])),
      null,
      4,
    )}\n`,
  );
  const missing = found.filter(({ volume }) => !volume);
  for (const { name } of missing) say(`get ${name}: no such volume`);
  return missing.length > 0 ? 1 : 0;
}

/** As docker's. */
function told({ name, createdAt, labels, anonymous }: Volume): object {
  const all = { ...labels, ...(anonymous && { 'com.docker.volume.anonymous': '' }) };
  return {
    CreatedAt: createdAt.replace(/\.\d+/, ''),
    Driver: 'local',
    Labels: Object.keys(all).length > 0 ? all : null,
    Mountpoint: dataOf(volumesDirectory(), name),
    Name: name,
    Options: null,
    Scope: 'local',
  };
}

function remove({ force }: { force?: boolean }, names: readonly string[]): number {
  let status = 0;
  for (const name of names) {
    const why = refusal(name);
    if (why === undefined || (force && why.endsWith('no such volume'))) put(`${name}\n`);
    else {
      say(why);
      status = 1;
    }
  }
  return status;
}

/** Removes a volume. @returns why not, if it couldn't */
function refusal(name: string): string | undefined {
  if (!volumeNamed(volumesDirectory(), name)) return `get ${name}: no such volume`;
  if (removeVolume(volumesDirectory(), name)) return undefined;
  return `remove ${name}: volume is in use - [${usersOf(name).join(', ')}]`;
}

function prune({ all, force, filter }: { all?: boolean; force?: boolean; filter?: Filter[] }): number {
  if (!force && !agreed(all ? 'all local volumes' : 'anonymous local volumes')) return 0;
  const directory = volumesDirectory();
  const unused = volumes(directory).filter(
    (one) => (all || one.anonymous) && matches(one, filter) && !isUsed(directory, one.name),
  );
  let bytes = 0;
  const removed = unused.filter(({ name }) => {
    const size = sizeOf(dataOf(directory, name));
    const gone = removeVolume(directory, name);
    if (gone) bytes += size;
    return gone;
  });
  if (removed.length > 0) put(`Deleted Volumes:\n${removed.map(({ name }) => `${name}\n`).join('')}\n`);
  put(`Total reclaimed space: ${bytesSize(bytes)}\n`);
  return 0;
}

function agreed(what: string): boolean {
  put(
    `WARNING! This will remove ${what} not used by at least one container.\nAre you sure you want to continue? [y/N] `,
  );
  const answer = Buffer.alloc(16);
  return /^y/i.test(answer.toString('utf8', 0, readSync(0, answer)));
}
