import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asText, type Call, fchdir, MS_BIND, MS_PRIVATE, MS_REC, mount } from 'shared-native';
import { runIn } from 'shared-native/model';
import { pivotInto } from 'step-03';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at, image, machineFor } from '../../../test/judge.ts';
import { type Flags, mkdirs, plan, raw, read, resolveInside, workdir } from '../src/index.ts';

let rootfs: string;
beforeAll(() => {
  rootfs = mkdtempSync(join(tmpdir(), 'boxstep-plan-'));
  mkdirSync(join(rootfs, 'etc'));
  writeFileSync(join(rootfs, 'etc/passwd'), 'root:x:0:0::/root:\nann:x:1000:100::/home/ann:\n');
  writeFileSync(join(rootfs, 'etc/group'), 'ann:x:100:\nwheel:x:10:ann\n');
});
afterAll(() => rmSync(rootfs, { recursive: true }));

// Whatever the tests themselves have for standard output.
const planned = (flags: Flags = {}, ...command: string[]) => plan({ ...read(flags, [rootfs, ...command]), pipes: [] });
const texts = (calls: readonly Call[]) => calls.map(asText);
const names = (calls: readonly Call[]) => calls.map(({ name }) => name);
const SIZE = { rows: 24, columns: 80 };
const withTerminal = (flags: Flags = {}) => plan({ ...read(flags, [rootfs]), tty: SIZE });

describe('who', () => {
  test('groups are set before the user, who may not, and the signal at the parent’s end after, which forgets it', () => {
    expect(texts(planned({ user: 'ann' }).program.privileges)).toEqual([
      'setgroups(2, {[0]=100, [1]=10})',
      'setresgid(100, 100, 100)',
      'setresuid(1000, 1000, 1000)',
      'prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)',
    ]);
  });

  test('gets the pipes that are standard input and output before it is that user, and nothing that has a name', () => {
    const { privileges } = plan({ ...read({ user: 'ann' }, [rootfs]), pipes: [0, 1] }).program;
    expect(texts(privileges).slice(0, 3)).toEqual([
      'fchownat(0, "", 1000, -1, AT_EMPTY_PATH) or any error',
      'fchownat(1, "", 1000, -1, AT_EMPTY_PATH) or any error',
      'setgroups(2, {[0]=100, [1]=10})',
    ]);
    expect(names(plan({ ...read({}, [rootfs]), pipes: [0, 1, 2] }).program.privileges)).not.toContain('fchownat');
  });

  test('root, too, has just its own groups, and not those of the caller', () => {
    expect(texts(planned().program.privileges).slice(0, 3)).toEqual([
      'setgroups(1, {[0]=0})',
      'setresgid(0, 0, 0)',
      'setresuid(0, 0, 0)',
    ]);
  });

  test('that the container does not know is an error', () => {
    expect(() => planned({ user: 'nosuch' })).toThrow('unable to find user nosuch');
  });
});

describe('where', () => {
  test('the directory is made from its top down, and gone to last, before root is given up', () => {
    const { inside, leave } = planned({ workdir: workdir('/srv/app') }).program;
    const made = texts(inside).slice(-4);
    expect(made[0]).toBe('mkdir("/srv", 0755) or EEXIST');
    expect(made[2]).toMatch(/^mkdirat\(<openat2\(AT_FDCWD, "\/srv", .*, "app", 0755\) or EEXIST$/);
    expect(made[3]).toMatch(/^openat2\(AT_FDCWD, "\/srv\/app", .*O_DIRECTORY.*RESOLVE_NO_SYMLINKS/);
    expect(leave).toContainEqual(fchdir(inside.at(-1) as Call));
  });

  test('a link on the way is followed inside the root, also where it leads to nothing yet; a circle is an error', () => {
    const root = mkdtempSync(join(tmpdir(), 'boxstep-workdir-'));
    mkdirSync(join(root, 'opt'));
    for (const [name, target] of Object.entries({
      app: '/srv/app',
      'opt/up': '../../../x/y',
      one: 'two',
      two: '/one',
    })) {
      symlinkSync(target, join(root, name));
    }
    expect(resolveInside(root, '/app/sub')).toBe('/srv/app/sub');
    expect(resolveInside(root, '/opt/up')).toBe('/x/y');
    expect(resolveInside(root, '/nothing/here')).toBe('/nothing/here');
    expect(() => resolveInside(root, '/one/x')).toThrow(
      'the path /one/x of the container leads through links in a circle',
    );
    rmSync(root, { recursive: true });
  });

  test('a link that is put there meanwhile leads nowhere, least of all to the host by ".."', () => {
    for (const to of ['../etc', '/etc', '/proc/self/cwd/etc']) {
      const { setup, enter } = pivotInto('/srv/image');
      const tree = {
        ...image('/srv/image', { '/srv': { type: 'symlink' as const, text: to }, '/etc/.keep': '' }),
        '/etc/host': '',
      };
      const alone = mount(null, '/', null, MS_REC | MS_PRIVATE);
      const { state, failed } = runIn(machineFor({ tree }), [alone, ...setup, ...enter, ...mkdirs('/srv/app')]);
      expect(failed?.error, to).toBe('ELOOP');
      expect(at(state, './etc/app').error).toBe('ENOENT');
      expect(at(state, '/etc/app').error).toBe('ENOENT');
    }
  });

  test('nothing opens a descriptor once privileges are given up: a limit may leave none', () => {
    for (const program of [planned().program, withTerminal().program]) {
      const late = names([...program.privileges, ...program.exec]);
      expect(late.filter((name) => /^(open|dup|pipe|socket|mkdir|chdir)/.test(name))).toEqual([]);
    }
  });

  test.each([
    ['', '/'],
    ['/', '/'],
    ['/a/', '/a'],
    ['/a//b/./c/..', '/a/b'],
    ['/../..', '/'],
  ])('-w %j is %j', (given, path) => expect(workdir(given)).toBe(path));

  test.each(['a', './a', '..', '~'])('-w %s is refused, as docker does', (given) => {
    expect(() => workdir(given)).toThrow(
      `the working directory '${given}' is invalid, it needs to be an absolute path`,
    );
  });
});

describe('with what', () => {
  test('the program is looked for in the PATH that -e gives, and gets the whole environment', () => {
    const tries = planned({ env: ['PATH=/one:/two'] }, 'x').program.exec.filter(({ name }) => name === 'execve');
    expect(tries.map(({ args }) => args.pathname)).toEqual([
      { kind: 'string', value: '/one/x' },
      { kind: 'string', value: '/two/x' },
    ]);
    expect(tries[0]?.args.envp).toMatchObject({ value: expect.arrayContaining(['PATH=/one:/two', 'HOME=/root']) });
  });

  test('--entrypoint comes before the command, and there need not be one', () => {
    const argv = (flags: Flags, ...command: string[]) => planned(flags, ...command).program.exec.at(-1)?.args.argv;
    expect(argv({ entrypoint: '/x' }, 'a', 'b')).toEqual({ kind: 'strings', value: ['/x', 'a', 'b'] });
    expect(argv({ entrypoint: '/x' })).toEqual({ kind: 'strings', value: ['/x'] });
    expect(argv({ entrypoint: '' }, 'a')).toEqual({ kind: 'strings', value: ['a'] });
  });

  test('standard input is /dev/null unless it is asked for', () => {
    expect(texts(planned().program.leave)).toContain('dup3(<openat(AT_FDCWD, "/dev/null", O_CLOEXEC)>, 0, 0)');
    expect(texts(planned({ interactive: true }).program.leave)).toContain('fcntl(0, F_SETFD, 0)');
  });
});

describe('a terminal of its own', () => {
  test('is opened in the container’s /dev/pts, and its master is taken by the host', () => {
    const { program, takes } = withTerminal();
    expect(takes).toHaveLength(1);
    const at = program.inside.indexOf(takes[0] as Call);
    expect(names(program.inside).slice(0, at)).toContain('mount');
    expect(takes.map(asText)).toEqual(['openat(AT_FDCWD, "/dev/ptmx", O_RDWR|O_NOCTTY|O_CLOEXEC)']);
    expect(program.inside).toContainEqual(mount('/dev/pts/0', '/dev/console', null, MS_BIND));
  });

  test('becomes that of the session only after the session has begun', () => {
    const { leave } = withTerminal().program;
    expect(names(leave).slice(-5)).toEqual(['setsid', 'ioctl', 'dup3', 'dup3', 'dup3']);
  });

  test('belongs to the user who uses it', () => {
    expect(texts(withTerminal({ user: 'ann' }).program.inside).join()).toMatch(/fchownat\(.*, "", 1000, -1, AT_EMPTY/);
  });

  test('is not there, and nothing is taken, without -t', () => {
    const { program, takes } = planned();
    expect(takes).toEqual([]);
    expect(texts(program.inside).join()).not.toContain('/dev/console');
  });
});

test('a plan with a terminal survives JSON', () => {
  const whole = withTerminal();
  expect(JSON.parse(JSON.stringify(whole)).program.privileges).toHaveLength(4);
});

test('a raw terminal passes on every byte: cfmakeraw', () => {
  // What TCGETS of a fresh terminal answers, and what it answers after `stty raw -echo`-like cfmakeraw.
  const sane = new Uint8Array(36);
  new Uint32Array(sane.buffer, 0, 4).set([0o2400, 0o5, 0o277, 0o105073]); // ICRNL IXON; OPOST ONLCR; CS8 CREAD; ...
  const made = raw(sane);
  expect([...new Uint32Array(made.buffer, 0, 4)]).toEqual([0, 0o4, 0o277, 0o5060]);
  expect([made[17 + 6], made[17 + 5]]).toEqual([1, 0]);
});
