import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// ./boxstep and setup.mjs on a clone whose node only says how it was started: no network, nothing installed.

const repository = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'boxstep-setup-'));
const clone = join(folder, "a clone (1) of Ann's & Léa's");
const node = join(clone, 'node_modules/node/bin/node');
const stamp = join(clone, 'node_modules/.boxstep-installed');
const SAYS_HOW = '#!/bin/sh\npwd\nprintf "%s\\n" "$@"\nexit $BOXSTEP_TEST_STATUS\n';

/** setup.mjs's parts are plain JavaScript: this is what the tests use of them. */
interface Setup {
  misplaced(root: string): string | null;
  obstacle(machine: { platform: string; arch: string; glibc: string | null; node: string }): string | null;
  explain(attempt: { command: string[]; status: number | string; output: string }): string;
  explainNode(said: string): string;
  stepNamed(number: string, steps?: string): string;
  installer(env: NodeJS.ProcessEnv, owner: number): { uid?: number };
  main(words: string[]): Promise<void>;
}

async function part<Name extends keyof Setup>(file: string, name: Name): Promise<Setup[Name]> {
  return (await import(join(repository, 'scripts', file)))[name];
}

beforeAll(() => {
  for (const step of ['01-namespaces', '10-capabilities']) write(`steps/${step}/src/main.ts`, '');
  write('steps/01-namespaces/README.md', 'preface\n# 1. Namespaces: the first container\n# Later\n');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) write(file, '');
  write('scripts/doctor.ts', '');
  write('node_modules/node/bin/node', SAYS_HOW);
  write('node_modules/.boxstep-installed', '');
  cpSync(join(repository, 'boxstep'), join(clone, 'boxstep'));
  write('elsewhere/.keep', '');
  write('bin/node', '#!/bin/sh\necho "system node: $*"\nexit 3\n');
  for (const program of [node, join(clone, 'bin/node')]) chmodSync(program, 0o755);
  installedAt(Date.now() + 10_000);
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(clone, path, '..'), { recursive: true });
  writeFileSync(join(clone, path), text);
}

function installedAt(time: number): void {
  utimesSync(stamp, time / 1000, time / 1000);
}

function boxstep(args: string[], options: { cwd?: string; file?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { file = join(clone, 'boxstep'), ...rest } = options;
  return execa(file, args, { reject: false, cwd: clone, ...rest });
}

describe('./boxstep', () => {
  test('lists the steps by the heading of their README, else by their folder', async () => {
    for (const args of [[], ['--help'], ['-h']]) {
      const { stdout, exitCode } = await boxstep(args);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('   1  1. Namespaces: the first container\n  10  10-capabilities');
    }
  });

  test.each(['2', '0', '00', '100', 'x', '1x', '-1', '*', '01-namespaces'])('%s is no step: 125', async (step) => {
    const { stderr, stdout, exitCode } = await boxstep([step]);
    expect(exitCode).toBe(125);
    expect(stdout).toBe('');
    expect(stderr).toContain(`'${step}'`.replace("'2'", 'no step 2'));
    expect(stderr).toContain('./boxstep --help');
  });

  test.each(['1', '01', 'step-01', 'step-1'])('%s is step 1', async (step) => {
    expect((await boxstep([step])).stdout).toContain(`${clone}/steps/01-namespaces/src/main.ts`);
  });

  test('10 is step 10', async () => {
    expect((await boxstep(['10'])).stdout).toContain('/steps/10-capabilities/src/main.ts');
  });

  test('hands every argument on as it is', async () => {
    const args = ['run', '', 'two words', '*', '$HOME', '--', '-x', 'line\nbreak'];
    const { stdout } = await boxstep(['1', ...args]);
    expect(stdout.endsWith(`main.ts\n${args.join('\n')}`)).toBe(true);
  });

  test('keeps the working directory', async () => {
    const cwd = join(clone, 'elsewhere');
    const { stdout } = await boxstep(['1'], { cwd, file: '../boxstep' });
    expect(stdout.split('\n')[0]).toBe(cwd);
    expect(stdout).toContain(`${clone}/steps/01-namespaces`);
  });

  test('lets Node read no flag that is the container’s', async () => {
    const { stdout } = await boxstep(['1', 'run', '--env-file', 'x']);
    expect(stdout).toContain(`\n--\n${clone}/scripts/cold-start/boot.cjs\n`);
  });

  test('works through symbolic links, relative and absolute', async () => {
    const [absolute, relative] = [join(folder, 'absolute'), join(folder, 'relative')];
    symlinkSync(join(clone, 'boxstep'), absolute);
    symlinkSync('absolute', relative);
    for (const file of [absolute, relative]) {
      expect((await boxstep(['1'], { cwd: '/', file })).stdout).toContain(`${clone}/steps/01-namespaces`);
    }
  });

  test('exits with the command’s own status', async () => {
    expect((await boxstep(['1'], { env: { BOXSTEP_TEST_STATUS: '42' } })).exitCode).toBe(42);
  });

  test('sets up first when the lockfile is newer than what is installed, and stops at 125 if that fails', async () => {
    installedAt(Date.now() - 60_000);
    const { stdout, exitCode } = await boxstep(['1'], { env: { PATH: `${clone}/bin` } });
    expect(stdout).toBe(`system node: ${clone}/scripts/setup.mjs install`);
    expect(exitCode).toBe(125);
    installedAt(Date.now() + 10_000);
  });

  test('says what to install on a machine without node', async () => {
    installedAt(Date.now() - 60_000);
    const { stderr, exitCode } = await boxstep(['1'], { env: { PATH: '/nowhere' } });
    expect(stderr).toContain('apt-get install nodejs npm');
    expect(exitCode).toBe(125);
    installedAt(Date.now() + 10_000);
  });

  test('`doctor` is a script of its own', async () => {
    expect((await boxstep(['doctor', '--json'])).stdout).toContain(`${clone}/scripts/doctor.ts\n--json`);
  });

  test('`doctor --json` is JSON with a line for every check', async () => {
    // Not by ./boxstep, which would install if this clone's lockfile is newer.
    const args = ['--import', 'tsx', 'scripts/doctor.ts', '--json'];
    const { stdout } = await execa(process.execPath, args, { cwd: repository, reject: false });
    const { ok, checks } = JSON.parse(stdout);
    expect(typeof ok).toBe('boolean');
    expect(checks.length).toBeGreaterThan(20);
    for (const check of checks) {
      expect(check).toMatchObject({ name: expect.any(String), found: expect.stringMatching(/./) });
      if (check.status !== 'ok') expect(check.meaning).toMatch(/./);
    }
  });
});

describe('setup.mjs', () => {
  const linux = { platform: 'linux', arch: 'x64', glibc: '2.39', node: '18.19.1' };

  test('installs on Linux with glibc, x86-64 or arm64, Node 18 or later', async () => {
    const obstacle = await part('setup/machine.mjs', 'obstacle');
    expect(obstacle(linux)).toBeNull();
    expect(obstacle({ ...linux, arch: 'arm64', node: '26.1.0' })).toBeNull();
  });

  test.each([
    [{ platform: 'darwin' }, 'vagrant up'],
    [{ arch: 'riscv64' }, 'built for riscv64'],
    [{ glibc: null }, 'Debian, Ubuntu or Fedora'],
    [{ node: '16.20.2' }, 'this is 16.20.2'],
  ])('on %o it says what to do instead', async (difference, advice) => {
    const obstacle = await part('setup/machine.mjs', 'obstacle');
    expect(obstacle({ ...linux, ...difference })).toContain(advice);
  });

  test.each(['C# course', '100%', 'what?', 'a\\b', 'a\nb'])(
    'refuses a clone in %j, where half of it would not run',
    async (name) => {
      const misplaced = await part('setup/machine.mjs', 'misplaced');
      expect(misplaced(join('/home/ann', name))).toMatch(
        /^the folder .* rename the folder, or clone again into another$/,
      );
      expect(misplaced('/home/ann/a clone (1)')).toBeNull();
      const other = join(folder, name);
      mkdirSync(other);
      copyFileSync(join(repository, 'boxstep'), join(other, 'boxstep'));
      const { exitCode, stderr } = await execa(join(other, 'boxstep'), ['doctor'], { reject: false });
      expect([exitCode, stderr]).toEqual([125, expect.stringContaining('rename the folder')]);
    },
  );

  test.each([
    ['ERR_PNPM_BROKEN_LOCKFILE', 'git checkout pnpm-lock.yaml'],
    ['ERR_PNPM_OUTDATED_LOCKFILE', 'pnpm install --no-frozen-lockfile'],
    ['spawn npx ENOENT', 'install npm'],
    ['getaddrinfo EAI_AGAIN registry.npmjs.org', 'HTTPS_PROXY'],
    ['Permission denied (os error 13)', 'sudo rm -rf node_modules'],
    ['something new', 'try it by hand'],
  ])('after %s it shows the answer and what to do', async (output, advice) => {
    const explain = await part('setup/explain.mjs', 'explain');
    const text = explain({ command: ['npx', '--yes', 'pnpm@12'], status: 1, output });
    expect(text).toContain('`npx --yes pnpm@12 install --frozen-lockfile` failed (exit status 1)');
    expect(text).toContain(output);
    expect(text.split('\nboxstep: ')[1]).toContain(advice);
  });

  test('a Node that lacks a library is told which package has it', async () => {
    const explainNode = await part('setup/explain.mjs', 'explainNode');
    const text = explainNode('node: error while loading shared libraries: libatomic.so.1: cannot open\n');
    expect(text).toContain('libatomic.so.1');
    expect(text.split('\nboxstep: ')[1]).toContain('apt-get install libatomic1');
  });

  test('npm start takes the number of a step that can be run', async () => {
    const stepNamed = await part('setup/workspace.mjs', 'stepNamed');
    const steps = join(clone, 'steps');
    mkdirSync(join(steps, '11-planned'));
    expect(['1', '01', '10'].map((number) => stepNamed(number, steps))).toEqual([
      '01-namespaces',
      '01-namespaces',
      '10-capabilities',
    ]);
    for (const wrong of ['11', '--explain', '7x', ''])
      expect(() => stepNamed(wrong, steps)).toThrow(`the number of a step, 1 to 10, got ${JSON.stringify(wrong)}`);
  });

  test('no one is asked to install but the one who runs it, unless they typed sudo in a clone of theirs', async () => {
    const installer = await part('setup/pnpm.mjs', 'installer');
    expect(installer({}, 1000).uid).toBeUndefined();
    expect(installer({ SUDO_UID: '1000' }, 0).uid).toBeUndefined();
  });

  test('an unknown command is refused with the list of those there are', async () => {
    const main = await part('setup.mjs', 'main');
    await expect(main(['toString'])).rejects.toThrow(/no command "toString"[\s\S]*start \[step\]/);
    await expect(main(['run', '../evil'])).rejects.toThrow('got "../evil"');
  });
});
