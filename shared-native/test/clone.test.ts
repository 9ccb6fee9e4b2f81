import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { alive } from '../../test/processes.ts';
import {
  AT_FDCWD,
  atLeast,
  type Call,
  clone,
  cloneForking,
  defaultSignals,
  dup3,
  type Exit,
  execve,
  execvp,
  exitGroup,
  F_SETFD,
  fcntl,
  getpid,
  goOnInChild,
  mkdir,
  mount,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  openat,
  openPipe,
  PR_SET_NO_NEW_PRIVS,
  PR_SET_SECCOMP,
  perform,
  prctl,
  read,
  SECCOMP_MODE_STRICT,
  SECCOMP_SET_MODE_FILTER,
  SYSCALL_NUMBERS,
  seccomp,
  tolerate,
  whenReadable,
  write,
} from '../src/index.ts';
import { launcher } from '../src/machine/launcher.ts';

const run = (calls: readonly Call[]): Promise<Exit> => {
  const child = clone(calls);
  child.proceed();
  return child.exited;
};
const sh = (script: string, ...before: Call[]) => [
  ...before,
  ...defaultSignals(),
  execve('/bin/sh', ['sh', '-c', script], ['PATH=/bin']),
];

describe('how a child ends', () => {
  test.each([0, 1, 7, 127, 255])('status %i is its own', async (status) => {
    expect(await run(sh(`exit ${status}`))).toMatchObject({ status, signal: null });
    expect((await run(sh(`exit ${status}`))).failure).toBeUndefined();
  });

  test('a signal that kills it is named', async () => {
    expect(await run(sh('kill -USR2 $$'))).toMatchObject({ status: null, signal: 'SIGUSR2' });
    expect(await run(sh('kill -34 $$'))).toMatchObject({ status: null, signal: 'SIGRTMIN+0' });
  });

  test('a call that fails stops it, and the failure says which, with the errno and what to do', async () => {
    const exit = await run([getpid(), mkdir('/proc/no/such', 0o755), exitGroup(0)]);
    expect(exit.status).toBe(127);
    expect(exit.failure).toMatchObject({ code: 'ENOENT', call: { name: 'mkdir' } });
    expect(exit.failure?.message).toContain('mkdir("/proc/no/such", 0755): ENOENT: ');
    expect(exit.made.map(({ call }) => call.name)).toEqual(['getpid', 'mkdir']);
  });

  test('an error that the call tolerates does not stop it', async () => {
    expect(await run([tolerate(mkdir('/', 0o755), 'EEXIST'), exitGroup(5)])).toMatchObject({ status: 5 });
  });

  test('an error that has two names is fine by either, here and in a child', async () => {
    const [from, to] = openPipe(O_NONBLOCK);
    try {
      for (const name of ['EAGAIN', 'EWOULDBLOCK']) {
        const empty = tolerate(read(from, new Uint8Array(1)), name);
        expect(perform(empty)).toBe(-11);
        expect(await run([empty, exitGroup(5)])).toMatchObject({ status: 5 });
      }
    } finally {
      for (const end of [from, to]) closeSync(end);
    }
  });

  test('an answer that is smaller than it must be stops it, though it is no error', async () => {
    const nothing = openat(AT_FDCWD, '/dev/null', O_RDONLY);
    const exit = await run([nothing, atLeast(read(nothing, new Uint8Array(1)), 1), exitGroup(0)]);
    expect(exit.status).toBe(127);
    expect(exit.failure?.message).toMatch(/^read\(.*\): 0: at least 1 was needed$/);
    expect(exit.made).toHaveLength(2);
  });

  test('a program that neither executes another nor ends is stopped where it runs out', async () => {
    expect(await run([getpid()])).toMatchObject({ status: 127 });
  });

  test('one that a filter won’t let end dies, and doesn’t spin', async () => {
    const number = SYSCALL_NUMBERS.exit_group[process.arch === 'x64' ? 0 : 1];
    const filter = [
      { code: 0x20, k: 0 }, // load the number
      { code: 0x15, jt: 0, jf: 1, k: number },
      { code: 0x06, k: 0x5_0001 }, // EPERM
      { code: 0x06, k: 0x7fff_0000 }, // allow
    ];
    const calls = [prctl(PR_SET_NO_NEW_PRIVS, 1), seccomp(SECCOMP_SET_MODE_FILTER, 0, filter), exitGroup(0)];
    expect(await run(calls)).toMatchObject({ signal: 'SIGSEGV' });
  });

  test('a call that kills it is not taken for a call that failed', async () => {
    const exit = await run([...defaultSignals(), prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT), getpid(), exitGroup(0)]);
    expect(exit).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(exit.failure).toBeUndefined();
    expect(exit.made.at(-1)?.call.name).toBe('prctl');
  });
});

describe('the launcher', () => {
  const node = ['node', '-e', 'process.exit(7)'];

  test('is what /proc/self/exe leads to when the process becomes another program: not to Node, a file of the host’s', async () => {
    expect(await run([...defaultSignals(), execve('/proc/self/exe', node, [])])).toMatchObject({ status: 127 });
  });

  test('is so to a script that names it as its interpreter, too', async () => {
    const script = join(mkdtempSync(join(tmpdir(), 'boxstep-launcher-')), 'script');
    writeFileSync(script, '#!/proc/self/exe\nprocess.exit(7);\n', { mode: 0o755 });
    expect(await run([...defaultSignals(), execve(script, [script], [])])).toMatchObject({ status: 127 });
    rmSync(dirname(script), { recursive: true });
  });

  test('leaves the program no descriptor of itself or of the calls', async () => {
    expect(await run(sh('ls -l /proc/self/fd | grep -q boxstep; exit $?'))).toMatchObject({ status: 1 });
  });

  test('is a file that nobody can change, or read from another user namespace', () => {
    const { file } = launcher(1);
    expect(() => writeSync(file, 'x')).toThrow('EPERM');
    expect(() => ftruncateSync(file, 0)).toThrow('EPERM');
    expect(fstatSync(file).mode & 0o777).toBe(0o111);
  });

  test('makes as many calls as there are, also with more arguments than it usually has room for', async () => {
    const many = Array.from({ length: 30 }, () => 'x'.repeat(10_000));
    expect(
      await run([...defaultSignals(), execve('/bin/sh', ['sh', '-c', 'exit $#', 'sh', ...many], [])]),
    ).toMatchObject({
      status: 30,
    });
  });
});

describe('the gate', () => {
  test('a child makes no call before it is let through', async () => {
    const child = clone([exitGroup(3)]);
    await sleep(50);
    expect(child.progress()).toEqual([]);
    expect(readFileSync(`/proc/${child.pid}/wchan`, 'utf8')).not.toBe('');
    child.proceed();
    expect(await child.exited).toMatchObject({ status: 3 });
  });

  test('a child that is killed there ends, and its signal is told', async () => {
    const child = clone([exitGroup(3)]);
    expect(child.kill('SIGKILL')).toBe(true);
    expect(await child.exited).toMatchObject({ signal: 'SIGKILL', made: [] });
    expect(child.kill('SIGKILL')).toBe(false);
    child.proceed();
  });

  test('a child at the gate ends when its parent is killed', async () => {
    const native = JSON.stringify(new URL('../src/index.ts', import.meta.url).href);
    const parent = `
      const { clone, exitGroup } = await import(${native});
      const { writeSync } = await import('node:fs');
      writeSync(1, String(clone([exitGroup(3)]).pid));
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', parent], { encoding: 'utf8' });
    expect(signal).toBe('SIGKILL');
    await expect.poll(() => alive(Number(stdout))).toBe(false);
  });
});

describe('what a program gets from Node', () => {
  test('its signals are as after a login: none ignored, none blocked', async () => {
    const script = 'grep -E "^Sig(Blk|Ign)" /proc/self/status | grep -qv 0000000000000000 && exit 1; exit 0';
    expect(await run(sh(script))).toMatchObject({ status: 0 });
  });

  test('a descriptor stays open only where the program says so', async () => {
    const closed = sh('[ -e /proc/self/fd/1 ] && exit 1; exit 0', fcntl(1, F_SETFD, 1));
    const open = sh('[ -e /proc/self/fd/1 ] && exit 1; exit 0', fcntl(1, F_SETFD, 0));
    expect(await run(closed)).toMatchObject({ status: 0 });
    expect(await run(open)).toMatchObject({ status: 1 });
  });
});

describe('a program by name', () => {
  test('is searched for along the path', async () => {
    const search = execvp(['sh', '-c', 'exit 9'], [], '/nowhere:/dev/null:/bin:/usr/bin');
    expect(await run([...defaultSignals(), ...search])).toMatchObject({ status: 9 });
  });

  test('that is nowhere fails with ENOENT', async () => {
    expect((await run(execvp(['no-such-program'], [], '/bin:/usr/bin'))).failure).toMatchObject({ code: 'ENOENT' });
  });

  test('with a slash is taken as it is, and a file that may not be executed fails with EACCES', async () => {
    expect((await run(execvp(['/etc/passwd'], [], '/bin'))).failure).toMatchObject({ code: 'EACCES' });
  });
});

describe('what is refused before there is a process', () => {
  const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');

  test('more arguments than execve passes on', () => {
    const before = children();
    const many = Array.from({ length: 60 }, () => 'x'.repeat(131_071));
    expect(() => clone([execve('/bin/true', many, [])])).toThrow(
      /the arguments and environment of "\/bin\/true" take 78\d+ bytes, and the kernel passes on/,
    );
    expect(children()).toBe(before);
  });

  test('one argument that is too long, a NUL byte, a descriptor out of range', () => {
    expect(() => execve('/bin/true', ['x'.repeat(131_072)], [])).toThrow('argv[0] is 131073 bytes long');
    expect(() => mount('a\0b', '/', null)).toThrow('source must not contain a NUL byte');
    expect(() => openat(-2, '/', 0)).toThrow('dirfd must be a whole number');
  });

  test('and as many arguments as execve passes on do run', async () => {
    const many = Array.from({ length: 15 }, () => 'x'.repeat(131_000));
    expect(await run([...defaultSignals(), execve('/bin/true', many, [])])).toMatchObject({ status: 0 });
  });
});

describe('many', () => {
  test('300 children at once all end with their own status, and the event loop goes on', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const exits = await Promise.all(Array.from({ length: 300 }, (_, n) => run([exitGroup(n % 256)])));
    clearInterval(timer);
    expect(exits.map(({ status }) => status)).toEqual(Array.from({ length: 300 }, (_, n) => n % 256));
    expect(ticks).toBeGreaterThan(0);
  });

  test('2,000 starts leave memory and descriptors where they were', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const resident = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]); // KiB
    const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('\n').length;
    const many = async (count: number) => {
      for (let n = 0; n < count; n += 50) await Promise.all(Array.from({ length: 50 }, () => run([exitGroup(0)])));
    };
    await many(1000); // until caches, pools and the garbage collector's heap have their size
    const before = { descriptors: descriptors(), resident: resident(), mappings: mappings() };
    await many(2000);
    expect(descriptors()).toBe(before.descriptors);
    expect(resident() - before.resident).toBeLessThan(20 * 1024);
    expect(mappings() - before.mappings).toBeLessThan(100);
  });
});

test.for([
  ['of a child', clone],
  ['of a child’s child', (calls: readonly Call[]) => cloneForking([...goOnInChild(), ...calls])],
] as const)(
  'the oom_score_adj %s, which shared this process’s memory, is not left to this process',
  async ([, start]) => {
    const score = (pid: number | 'self') => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));
    const before = score('self');
    const file = openat(AT_FDCWD, '/proc/self/oom_score_adj', O_WRONLY);
    const [from, to] = openPipe();
    const script = sh('echo up; exec sleep 1000', file, write(file, '1000'), dup3(to, 1));
    const children = [start(script), start(script)];
    for (const child of children) {
      const pid = (await child.born) as number;
      child.proceed();
      await new Promise<void>((resolve) => whenReadable(from, resolve));
      perform(read(from, new Uint8Array(3)));
      expect(score(pid)).toBe(1000);
    }
    await expect.poll(() => score('self')).toBe(before);
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
    for (const end of [from, to]) closeSync(end);
  },
);
