import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  containerPath,
  defaultRootfsPath,
  findImage,
  inspectedVolume,
  networkOf,
  networksOfOurs,
  toldIn,
  volumes,
  volumesDirectory,
} from 'step-10';
import { mapsOf } from 'step-10/files';
import { allImages } from 'step-10/store';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { keepWritten } from '../../test/written.ts';
import { EventReader } from '../src/command/events/read.ts';
import { eventsPath } from '../src/containers/event.ts';
import { find, idsOfContainers, list } from '../src/containers/find.ts';
import { stateOf } from '../src/containers/state.ts';
import { readHealth } from '../src/health/state.ts';
import { inspect, logs } from '../src/index.ts';

beforeEach(needs('root', 'overlay', 'nft', 'ip'));
afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
});

/** What becomes of a file. */
const WAYS: Readonly<Record<string, (path: string, text: Buffer) => void>> = {
  'is cut short': (path, text) => writeFileSync(path, text.subarray(0, text.length / 2)),
  'is empty': (path) => writeFileSync(path, ''),
  'is rubbish': (path) => writeFileSync(path, '\u0001{]\n'.repeat(50)),
  'is another JSON': (path) => writeFileSync(path, '[1, "x"]\n'),
  'is null': (path) => writeFileSync(path, 'null'),
  'is of another version': (path) => writeFileSync(path, '{"version": 99}'),
  'is a directory': (path) => mkdirSync(path),
  'leads nowhere': (path) => symlinkSync('/no/such', path),
  'leads to itself': (path) => symlinkSync(path, path),
  'is gone': () => {},
};

/** What a command reads, each by itself. */
const LOOKS: Readonly<Record<string, () => unknown>> = {
  containers: () => list().records.map((record) => [stateOf(record), readHealth(record)]),
  container: () => inspect('bad'),
  output: async () => {
    for await (const _ of logs('bad'));
  },
  journal: () => toldIn(find('bad').id),
  owners: () => mapsOf(containerPath(find('bad').id)),
  events: () => new EventReader(eventsPath()).rest(),
  networks: () => [networksOfOurs(), networkOf('net'), networkOf('bridge')],
  volumes: () => [volumes(volumesDirectory()), inspectedVolume('data')],
  images: () => [allImages(), findImage('small')],
};

/** The files of a root, but for those of containers' and images' own. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) return [path];
    return ['upper', 'work', 'merged', 'diff', '_data', 'rootfs-1'].includes(entry.name) ? [] : filesIn(path);
  });
}

/** Spoils a file, does something, and puts it back: itself, for others have locks on it. */
async function whileSpoiled(path: string, way: string, doing: () => Promise<void>): Promise<void> {
  const text = lstatSync(path).isSymbolicLink() ? Buffer.alloc(0) : readFileSync(path);
  const aside = `${process.env.BOXSTEP_ROOT}.aside`;
  renameSync(path, aside);
  WAYS[way]?.(path, text);
  try {
    await doing();
  } finally {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(dirname(path), { recursive: true }); // nothing else may have been there
    renameSync(aside, path);
  }
}

/** Why a look fails; undefined if it doesn't, or says which file is the cause. */
async function unnamed(path: string, look: () => unknown): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    return message.includes(path) || /^No such container|not found$|no such volume$/.test(message)
      ? undefined
      : message;
  }
}

async function faultsOf(path: string, way: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [what, look] of Object.entries(LOOKS)) {
    const why = await unnamed(path, look);
    if (why !== undefined) faults.push(`${path} ${way}: ${what}: ${why}`);
  }
  const good = list().records.find(({ name }) => name === 'good');
  if (!good || stateOf(good).status !== 'running') faults.push(`${path} ${way}: the other container is lost`);
  return faults;
}

/** What real commands say; it takes long. */
async function faultsOfCommands(path: string, way: string): Promise<string[]> {
  const run = ['run', '--rm', '--network', 'net', '-v', 'data:/data', 'small', 'true'];
  const faults: string[] = [];
  for (const words of [['ps', '-a'], ['exec', 'good', 'true'], run, ['prune']]) {
    const { exitCode, all } = await boxstep(...words);
    const isNamed =
      all?.includes(path) || all?.includes(dirname(path)) || /not found|Unable to find image/.test(all ?? ''); // or it is gone
    if (exitCode !== 0 && !isNamed) faults.push(`${path} ${way}: ${words.join(' ')}: ${all}`);
  }
  return faults;
}

async function faultsOfAll(files: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const path of files) {
    for (const way of Object.keys(WAYS)) {
      await whileSpoiled(path, way, async () => {
        faults.push(...(await faultsOf(path, way)));
        if (process.env.BOXSTEP_STORM) faults.push(...(await faultsOfCommands(path, way)));
      });
    }
  }
  return faults;
}

test('any file of the state can be spoiled in any way: what needs it names it, and all else works', {
  timeout: 1_800_000,
}, async () => {
  await boxstep('rm', '-f', '-v', 'good', 'bad'); // of a first try
  await shell(`tar -C ${defaultRootfsPath()} -c bin dev etc lib lib64 proc usr | ./boxstep image import - small`);
  await boxstep('network', 'create', '--subnet', '10.46.0.0/24', 'net');
  await boxstep('volume', 'create', 'data');
  await boxstep('run', '-d', '--name', 'good', '--network', 'net', 'small', 'sleep', '1000');
  const flags = [
    '-p',
    '80',
    '-v',
    'data:/data',
    '-v',
    '/more',
    '--userns',
    'auto',
    '--health-cmd',
    'true',
    '--health-interval',
    '24h',
  ];
  await boxstep('run', '-d', '--name', 'bad', '--network', 'bridge', ...flags, 'small', 'sleep', '1000');
  const { id } = find('good');
  const files = filesIn(process.env.BOXSTEP_ROOT ?? '').filter((path) => !path.includes(id) && !path.endsWith('/good'));
  expect(files.length).toBeGreaterThan(25);
  const { result: faults, stderr } = await keepWritten(() => faultsOfAll(files));
  expect(faults).toEqual([]);
  const said = stderr.split('\n').filter(Boolean);
  expect(said.length).toBeGreaterThan(0); // by looks that find other things than the one that is spoiled
  expect(said.filter((line) => !files.some((path) => line.includes(path)))).toEqual([]);
  expect((await boxstep('rm', '-f', '-v', 'good', 'bad')).all).toBe('good\nbad');
});
