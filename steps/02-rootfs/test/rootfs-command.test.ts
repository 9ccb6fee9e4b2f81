import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'boxstep-rootfs-command-'));
});
afterEach(() => rmSync(temporary, { recursive: true }));

const source = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** The command as `main` runs it, in a process of its own. */
const script = `
  import { commandStatus } from ${source('../../01-namespaces/src/command/main.ts')};
  import { step } from ${source('../../01-namespaces/src/index.ts')};
  import { rootfsCommand } from ${source('../src/command/rootfs.ts')};
  const commands = [rootfsCommand];
  process.exitCode = await commandStatus({ ...step, commands }, ['rootfs', ...process.argv.slice(1)]);`;

function rootfs(args: string[], env: NodeJS.ProcessEnv = {}) {
  const cache = join(temporary, 'cache');
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
    cwd: temporary,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, INIT_CWD: undefined, BOXSTEP_CACHE: cache, ...env },
  });
}

test('rootfs makes the default root filesystem, says of what, and prints where it is', () => {
  const path = join(temporary, 'cache/rootfs-1');
  const { stdout, stderr, status } = rootfs([]);
  expect({ stdout, status }).toEqual({ stdout: `${path}\n`, status: 0 });
  expect(stderr).toMatch(/^boxstep: Making .*\nboxstep: Made of .*, [\d.]+ MB\.\n$/);
  expect(readFileSync(join(path, 'etc/os-release'), 'utf8')).toContain('ID=boxstep');
  expect(rootfs([])).toMatchObject({ stdout: `${path}\n`, stderr: '', status: 0 });
});

test('rootfs with a directory makes one there, new or empty', () => {
  mkdirSync(join(temporary, 'empty'));
  for (const name of ['empty', 'new/and deep']) {
    const { stdout, stderr, status } = rootfs([name]);
    expect({ stdout, status }).toEqual({ stdout: `${join(temporary, name)}\n`, status: 0 });
    expect(stderr).toMatch(/^boxstep: Made of .*, [\d.]+ MB\.\n$/);
    expect(readdirSync(join(temporary, name))).toContain('bin');
  }
  expect(readdirSync(temporary).sort()).toEqual(['empty', 'new']);
});

test('rootfs takes a directory as seen from where pnpm was called', () => {
  const elsewhere = join(temporary, 'elsewhere');
  mkdirSync(elsewhere);
  expect(rootfs(['root'], { INIT_CWD: elsewhere }).stdout).toBe(`${join(elsewhere, 'root')}\n`);
});

test('rootfs leaves a directory alone that holds something', () => {
  writeFileSync(join(temporary, 'mine'), 'precious');
  const { stdout, stderr, status } = rootfs(['.']);
  expect({ stdout, status }).toEqual({ stdout: '', status: 125 });
  expect(stderr).toBe(
    `boxstep: Expected a new or an empty directory for the root filesystem, got ${temporary}: it contains mine; name another one, or empty it yourself.\n`,
  );
  expect(readdirSync(temporary)).toEqual(['mine']);
});

test.each([
  ['a file', 'file', /got \S+file: ENOTDIR/],
  ['what is in a file', 'file/root', /got \S+file\/root: ENOTDIR/],
  ['where nothing can be made', '/proc/boxstep/root', /got \/proc\/boxstep\/root: ENOENT/],
  ['the empty name', '', /the directory has an empty name/],
])('rootfs refuses %s', (_, name, message) => {
  writeFileSync(join(temporary, 'file'), '');
  const { stderr, status } = rootfs([name]);
  expect(stderr).toMatch(message);
  expect(status).toBe(125);
});

test('rootfs says so where the cache cannot be made', () => {
  const { stderr, status } = rootfs([], { BOXSTEP_CACHE: '/proc/boxstep/cache' });
  expect(stderr).toMatch(/can't be made: ENOENT.*Set BOXSTEP_CACHE/);
  expect(status).toBe(125);
});
