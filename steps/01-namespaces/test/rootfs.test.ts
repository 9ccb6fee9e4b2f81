import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { parseLdd } from '../src/rootfs/libraries.ts';
import { describeRootfs, type MadeRootfs, makeRootfs } from '../src/rootfs/make.ts';
import { find, systemPath } from '../src/rootfs/programs.ts';
import { defaultRootfs, defaultRootfsPath } from '../src/rootfs/rootfs.ts';

const source = new URL('../src/rootfs/rootfs.ts', import.meta.url).href;
const makeDefault = `import { defaultRootfs } from '${source}'; console.log(await defaultRootfs());`;

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'boxstep-rootfs-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(temporary, { recursive: true });
});

/** Runs a script in the root filesystem, with a /proc and processes of its own. */
function runInside(root: string, script: string): string {
  // From outside: mount(8) inside would leave a /run/mount behind.
  const outside = 'mount -t proc proc "$0/proc" && exec chroot "$0" /bin/sh -c "$1"';
  const env = { PATH: '/usr/bin:/usr/sbin:/bin:/sbin' };
  const args = ['--mount', '--pid', '--fork', 'sh', '-c', outside, root, script];
  return execFileSync('unshare', args, { env, encoding: 'utf8' });
}

function everything(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? [path, ...everything(path)] : [path];
  });
}

function mode(...path: string[]): number {
  return lstatSync(join(...path)).mode & 0o7777;
}

test('the default root filesystem is in the cache', () => {
  vi.stubEnv('BOXSTEP_CACHE', '/somewhere');
  expect(defaultRootfsPath()).toBe('/somewhere/rootfs-1');
});

describe('a root filesystem of the core utilities', () => {
  let parent: string;
  let root: string;
  let made: MadeRootfs;
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'boxstep-rootfs-'));
    root = join(parent, 'root');
    made = makeRootfs(root, { busybox: false });
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  test('runs a shell and programs', (context) => {
    needs('root')(context);
    const output = runInside(root, 'ls / && id && cat /proc/1/comm');
    expect(output).toMatch(/^bin\ndev\netc\n/);
    expect(output).toContain('uid=0(root) gid=0(root)');
    expect(output).toMatch(/^sh$/m);
  });

  test('has every library that its programs need', (context) => {
    needs('root')(context);
    const loader = made.libraries.find((library) => /\/ld-linux/.test(library));
    const output = runInside(root, `for p in /bin/*; do echo "$p:"; ${loader} --list "$p" 2>&1; done; true`);
    expect(output).toContain('/bin/ls:\n');
    expect(output).toMatch(/libc\.so\.6 => \/\S+ \(/);
    expect(output).not.toMatch(/not found|cannot open/);
  });

  test('tells what it was made of', () => {
    expect(made).toMatchObject({ kind: 'coreutils', programs: expect.arrayContaining(['sh', 'ls', 'cat', 'echo']) });
    expect(readdirSync(join(root, 'usr/bin')).sort()).toEqual([...made.programs].sort());
    for (const library of made.libraries) expect(existsSync(join(root, library)), library).toBe(true);
    expect(describeRootfs(made)).toMatch(/^\w+ and \d+ programs of this machine with their \d+ libraries, [\d.]+ MB$/);
  });

  test('counts the bytes of every file once', () => {
    const files = everything(root).map((path) => lstatSync(path));
    expect(made.bytes).toBe(files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0));
  });

  test('holds nothing setuid, nothing of others, and no link out of it', () => {
    for (const path of everything(root)) {
      const { uid, mode: bits } = lstatSync(path);
      expect(uid, path).toBe(process.geteuid?.());
      if (lstatSync(path).isSymbolicLink()) expect(readlinkSync(path), path).not.toMatch(/^\/|\.\./);
      else expect(bits & 0o6000, path).toBe(0);
    }
  });

  test('has the directories, links and files that programs look for', () => {
    expect([mode(root), mode(root, 'root'), mode(root, 'tmp'), mode(root, 'var/tmp')]).toEqual([
      0o755, 0o700, 0o1777, 0o1777,
    ]);
    for (const name of ['proc', 'sys', 'run', 'home', 'mnt']) expect(readdirSync(join(root, name))).toEqual([]);
    for (const name of ['bin', 'lib', 'lib64']) expect(readlinkSync(join(root, name))).toBe(`usr/${name}`);
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(/^root:x:0:0:root:\/root:\/bin\/sh$/m);
    expect(readFileSync(join(root, 'etc/os-release'), 'utf8')).toContain('ID=boxstep\n');
    expect(readFileSync(join(root, 'etc/resolv.conf'), 'utf8')).not.toContain('127.0.0.53');
  });
});

describe('making a root filesystem', () => {
  test('gives others access whatever the umask', () => {
    const script = `process.umask(0o077); ${makeDefault}`;
    const env = { ...process.env, BOXSTEP_CACHE: temporary };
    const root = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env,
      encoding: 'utf8',
    }).trim();
    const closed = everything(root).filter((path) => !lstatSync(path).isSymbolicLink() && (mode(path) & 0o004) === 0);
    expect(closed).toEqual([join(root, 'root')]);
  });

  test('drops a setuid bit', () => {
    const bin = join(temporary, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'which'), '#!/bin/sh\n');
    chmodSync(join(bin, 'which'), 0o6755);
    makeRootfs(join(temporary, 'root'), { path: [bin, ...systemPath()], busybox: false });
    expect(mode(temporary, 'root/bin/which')).toBe(0o755);
  });

  test('refuses a directory that holds something, and leaves it alone', () => {
    writeFileSync(join(temporary, 'mine'), 'precious');
    expect(() => makeRootfs(temporary)).toThrow(
      `got ${temporary}: it contains mine; name another one, or empty it yourself`,
    );
    expect(readdirSync(temporary)).toEqual(['mine']);
    expect(readFileSync(join(temporary, 'mine'), 'utf8')).toBe('precious');
  });

  test('refuses what is no directory', () => {
    writeFileSync(join(temporary, 'file'), '');
    expect(() => makeRootfs(join(temporary, 'file'))).toThrow(/file: ENOTDIR/);
  });

  test('says what to install where there is neither busybox nor a shell, and leaves nothing behind', () => {
    const empty = join(temporary, 'empty');
    mkdirSync(empty, { mode: 0o750 });
    expect(() => makeRootfs(join(temporary, 'new'), { path: [empty] })).toThrow(
      `looked in ${empty}, and found neither a busybox that would do nor sh, ls, cat, echo. Install busybox-static`,
    );
    expect(() => makeRootfs(empty, { path: [empty] })).toThrow('Install busybox-static');
    expect(readdirSync(temporary)).toEqual(['empty']);
    expect(readdirSync(empty)).toEqual([]);
    expect(mode(empty)).toBe(0o750);
  });

  test('passes over programs that need more than a shell and libraries', () => {
    const bin = join(temporary, 'bin');
    mkdirSync(bin);
    for (const name of ['ls', 'tar']) writeFileSync(join(bin, name), '#!/usr/bin/env node\n', { mode: 0o755 });
    makeRootfs(join(temporary, 'root'), { path: [bin, ...systemPath()], busybox: false });
    expect(readFileSync(join(temporary, 'root/bin/ls'), 'latin1')).not.toMatch(/^#!/);
  });

  test('copies a program of several names once', () => {
    const bin = join(temporary, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'coreutils'), '#!/bin/sh\n', { mode: 0o755 });
    for (const name of ['wc', 'yes']) symlinkSync('coreutils', join(bin, name));
    makeRootfs(join(temporary, 'root'), { path: [bin, ...systemPath()], busybox: false });
    for (const name of ['wc', 'yes']) expect(readlinkSync(join(temporary, 'root/bin', name))).toBe('coreutils');
  });

  describe('with a program whose library is missing', () => {
    /** A directory with a copy of a program that asks for a C library that no machine has. */
    function broken(name: string): string {
      const program = readFileSync(realpathSync(find(name, systemPath()) ?? ''), 'latin1');
      writeFileSync(join(temporary, name), program.replaceAll('libc.so.6', 'libX.so.6'), 'latin1');
      chmodSync(join(temporary, name), 0o755);
      return temporary;
    }

    test('leaves that program out', () => {
      const { programs } = makeRootfs(join(temporary, 'root'), {
        path: [broken('wc'), ...systemPath()],
        busybox: false,
      });
      expect(programs).not.toContain('wc');
      expect(existsSync(join(temporary, 'root/bin/wc'))).toBe(false);
    });

    test('names both if it can not do without', () => {
      const options = { path: [broken('cat'), ...systemPath()], busybox: false };
      expect(() => makeRootfs(join(temporary, 'root'), options)).toThrow(`ldd ${temporary}/cat: libX.so.6: not found`);
    });
  });
});

describe('a root filesystem of busybox', () => {
  test('runs a shell and programs', (context) => {
    needs('root', 'busybox')(context);
    const made = makeRootfs(temporary);
    expect(made).toMatchObject({ kind: 'busybox', programs: expect.arrayContaining(['sh', 'ls', 'ps']) });
    expect(describeRootfs(made)).toMatch(/^busybox 1[\d.]+ with \d+ applets, [\d.]+ MB$/);
    const output = runInside(temporary, 'ls / && id && cat /proc/1/comm');
    expect(output).toMatch(/^bin\ndev\netc\n/);
    expect(output).toContain('uid=0(root) gid=0(root)');
  });

  test('is one program with many links to it', (context) => {
    needs('busybox')(context);
    makeRootfs(temporary);
    expect(readlinkSync(join(temporary, 'bin/sh'))).toBe('busybox');
    expect(lstatSync(join(temporary, 'bin/busybox')).isFile()).toBe(true);
  });

  test.each([
    ['has no shell', '#!/bin/sh\necho ls\n'],
    ['does not run', '\x7fELF, or so it says'],
  ])('is not made of one that %s', (_, text) => {
    const bin = join(temporary, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'busybox'), text, { mode: 0o755 });
    expect(makeRootfs(join(temporary, 'root'), { path: [bin, ...systemPath()] }).kind).toBe('coreutils');
  });
});

describe('the default root filesystem', () => {
  beforeEach(() => vi.stubEnv('BOXSTEP_CACHE', temporary));

  test('is made on first use, which is told, and not anew after that', async () => {
    const say = vi.fn();
    const path = await defaultRootfs(say);
    expect(path).toBe(join(temporary, 'rootfs-1'));
    expect(say.mock.calls.flat()).toEqual([
      `Making a root filesystem from this machine's programs, this once: ${path}`,
      expect.stringMatching(/^Made of .* MB\.$/),
    ]);
    const before = statSync(path);
    expect(await defaultRootfs(say)).toBe(path);
    expect(statSync(path)).toEqual(before);
    expect(say).toHaveBeenCalledTimes(2);
    expect(readdirSync(temporary)).toEqual(['rootfs-1']);
  });

  test('is the same good one for processes that make it at once', async () => {
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', makeDefault]);
    const outputs = await Promise.all([start(), start()]);
    const path = join(temporary, 'rootfs-1');
    expect(outputs.map(({ stdout }) => stdout.trim())).toEqual([path, path]);
    expect(existsSync(join(path, 'bin/sh'))).toBe(true);
    expect(readdirSync(temporary)).toEqual(['rootfs-1']);
  });

  test('is that of the faster of two, which the slower leaves as it is', async () => {
    let faster: Promise<string> | undefined;
    const path = await defaultRootfs((line) => {
      if (line.startsWith('Making')) faster = defaultRootfs();
    });
    expect(await faster).toBe(path);
    expect(readdirSync(temporary)).toEqual(['rootfs-1']);
  });

  test('is never the half that a dead maker left, which is removed; a live one is left alone', async () => {
    const { pid: dead } = spawnSync('true');
    for (const pid of [dead, process.ppid])
      mkdirSync(join(temporary, `rootfs-1.making-${pid}-abc/usr/bin`), { recursive: true });
    await defaultRootfs();
    expect(readdirSync(temporary).sort()).toEqual(['rootfs-1', `rootfs-1.making-${process.ppid}-abc`]);
  });

  test('is not put over something else, and the error says how to get rid of that', async () => {
    const path = join(temporary, 'rootfs-1');
    mkdirSync(join(path, 'home/precious'), { recursive: true });
    await expect(defaultRootfs()).rejects.toThrow(/ENOTEMPTY.*no usr\/bin\/sh.*rm -rf/);
    expect(readdirSync(temporary)).toEqual(['rootfs-1']);
    expect(everything(path)).toEqual([join(path, 'home'), join(path, 'home/precious')]);
  });

  test('needs a cache that can be written', async () => {
    writeFileSync(join(temporary, 'file'), '');
    vi.stubEnv('BOXSTEP_CACHE', join(temporary, 'file/cache'));
    await expect(defaultRootfs()).rejects.toThrow(/can't be made: ENOTDIR.*Set BOXSTEP_CACHE/);
  });
});

describe('what ldd says', () => {
  test('is read for each file: libraries, the interpreter, and what is missing, but not the vdso', () => {
    const text = `/usr/bin/ls:
\tlinux-vdso.so.1 (0x00007f65c5e22000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f65c5bdb000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f65c5e24000)
/usr/bin/old:
\tlinux-gate.so.1 =>  (0xffffe000)
\tlibgone.so.1 => not found
\tlibm.so.6 => /opt/my libs/libm.so.6 (0xb7e00000)
`;
    expect([...parseLdd(text)]).toEqual([
      ['/usr/bin/ls', { libraries: ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'], missing: [] }],
      ['/usr/bin/old', { libraries: ['/opt/my libs/libm.so.6'], missing: ['libgone.so.1'] }],
    ]);
  });

  test('has both paths of an interpreter that is known by one and found at another', () => {
    const text = '/usr/bin/ls:\n\t/lib64/ld-linux-x86-64.so.2 => /usr/lib64/ld-linux-x86-64.so.2 (0x00007f3d)\n';
    expect(parseLdd(text).get('/usr/bin/ls')?.libraries).toEqual([
      '/lib64/ld-linux-x86-64.so.2',
      '/usr/lib64/ld-linux-x86-64.so.2',
    ]);
  });

  test.each(['not a dynamic executable', 'statically linked'])('is no libraries for "%s"', (answer) => {
    expect(parseLdd(`/usr/bin/busybox:\n\t${answer}\n`).get('/usr/bin/busybox')).toEqual({
      libraries: [],
      missing: [],
    });
  });
});
