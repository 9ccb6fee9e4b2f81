import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asAUser, BOXSTEP, inRoot } from '../../../test/boxstep.ts';
import { installed } from '../../../test/installed.ts';
import { needs } from '../../../test/needs.ts';
import { EXHIBITS, type Exhibit, type Host } from './museum/exhibits.ts';

// The escape museum: well-known ways out of containers, each of which works in an earlier step, and is refused here.

let host: Host;
const ends: (() => void)[] = [];

beforeEach(needs('root', 'cc', 'overlay'));
beforeAll(async () => {
  if (process.geteuid?.() !== 0 || !installed('cc')) return;
  host = await opened();
});
afterAll(() => {
  for (const end of ends) end();
});

describe.each(EXHIBITS)('$name', (exhibit) => {
  beforeEach(async (context) => {
    if (exhibit.needs) needs(exhibit.needs)(context);
  });

  test(`is a way out: ${exhibit.where}`, async () => {
    expect(await answers(exhibit, worksIn(exhibit))).toMatchObject({ [exhibit.name]: 'ok' });
  });

  test(`is closed: ${exhibit.wall}`, async () => {
    for (const { flags, answer } of exhibit.refused(host))
      expect(await answers(exhibit, inStep10(flags, exhibit)), flags.join(' ')).toMatchObject({
        [exhibit.name]: answer,
      });
  });

  const { again } = exhibit;
  if (again === undefined) return;
  test(`is open again with ${again}`, async () => {
    const flags = again.replace('SOCKET', host.socket).split(' ');
    expect(await answers(exhibit, inStep10(flags, exhibit))).toMatchObject({ [exhibit.name]: 'ok' });
  });
});

interface Answered {
  readonly all?: string;
  readonly exitCode?: number;
}

/** What was answered to each attempt: a line each; or, without a word, the exit status. */
async function answers({ name }: Exhibit, by: Promise<Answered>): Promise<Record<string, string>> {
  const { all = '', exitCode } = await by;
  if (all === '') return { [name]: String(exitCode) };
  const lines = all.split('\n').map((line) => /^(.*) (\w+)$/.exec(line));
  return Object.fromEntries(lines.map((line) => [line?.[1] ?? '', line?.[2] ?? '']));
}

function worksIn(exhibit: Exhibit): Promise<Answered> {
  if (exhibit.naive) return naively(exhibit.naive(host));
  const flags = exhibit.works?.(host) ?? [];
  return once(['8', ...running(flags, exhibit)], (args) => withDescriptor(BOXSTEP, ...args));
}

function inStep10(flags: readonly string[], exhibit: Exhibit): Promise<Answered> {
  return once(running(flags, exhibit), (args) => withDescriptor(BOXSTEP, '10', ...args));
}

function running(flags: readonly string[], exhibit: Exhibit): string[] {
  const network = flags.includes('--network') ? [] : ['--network', 'none'];
  return ['run', ...network, ...flags, ...(exhibit.alone?.(host) ?? [host.rootfs, '/attempt', ...all()])];
}

/** Runs a command that is given one descriptor more than it should be: the host's root. */
function withDescriptor(...command: string[]) {
  return execa('sh', ['-c', 'exec 9</; exec "$@"', 'sh', ...command], asAUser());
}

function naively(line: string): Promise<Answered> {
  return execa('unshare', ['--mount', 'sh', '-c', line], asAUser());
}

/** One container makes all attempts, and those who ask for the same flags look at what it answered. */
const made = new Map<string, Promise<Answered>>();
function once(args: string[], run: (args: string[]) => PromiseLike<Answered>): Promise<Answered> {
  const key = args.join(' ');
  const there = made.get(key) ?? Promise.resolve(run(args));
  made.set(key, there);
  return there;
}

function all(): string[] {
  const attempts = EXHIBITS.flatMap(({ name, attempt }) => (attempt ? [[name, ...attempt(host).map(String)]] : []));
  return attempts.flatMap((one, nth) => (nth > 0 ? ['+', ...one] : one));
}

/** Opens the museum: makes the things that attempts are made on. */
async function opened(): Promise<Host> {
  const rootfs = inRoot('museum');
  for (const name of ['dev', 'proc', 'sys', 'tmp', 'etc']) mkdirSync(join(rootfs, name), { recursive: true });
  const attempt = inRoot('attempt');
  execFileSync('cc', ['-static', '-o', attempt, join(import.meta.dirname, 'museum/attempt.c')]);
  copyFileSync(attempt, join(rootfs, 'attempt'));
  const [directory, other] = [inRoot('directory'), inRoot('other')];
  for (const path of [directory, other]) {
    mkdirSync(path);
    writeFileSync(join(path, 'file'), path === other ? 'other' : 'host');
  }
  symlinkSync(directory, join(rootfs, 'data'));
  const key = `boxstep-museum-${process.pid}`;
  execFileSync(attempt, ['key', 'add-key', key]);
  ends.push(() => execFileSync(attempt, ['key', 'remove-key', key]));
  const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' });
  ends.push(() => sleeper.kill());
  const [handle = ''] = execFileSync(attempt, ['handle', 'handle', join(directory, 'file')], {
    encoding: 'utf8',
  }).split('\n');
  return {
    ...{ rootfs, attempt, directory, other, handle, key },
    ...{ socket: await listening(inRoot('socket')), abstract: (await listening(`\0${key}`)).slice(1) },
    ...{ pid: sleeper.pid ?? 0, disk: someDisk(attempt) },
  };
}

async function listening(path: string): Promise<string> {
  const server = createServer((client) => client.end());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  if (!path.startsWith('\0')) chmodSync(path, 0o600);
  ends.push(() => server.close());
  return path;
}

/** The first block device that opens: where the test runs, the machine's disk may be out of reach. */
function someDisk(attempt: string): Host['disk'] {
  const numbers = readdirSync('/sys/class/block').map((name) =>
    readFileSync(`/sys/class/block/${name}/dev`, 'utf8').trim().split(':'),
  );
  const opens = (number: string[]) =>
    execFileSync(attempt, ['it', 'device', ...number], { encoding: 'utf8' }) === 'it ok\n';
  const [major = 0, minor = 0] = (numbers.find(opens) ?? []).map(Number);
  return { major, minor };
}
