import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../test/needs.ts';
import { atLeast, type Call, tolerate } from '../src/call.ts';
import { manualPage } from '../src/calls/manual.ts';
import * as calls from '../src/calls.ts';
import { asStrace, asText, inWords } from '../src/explain.ts';
import * as constants from '../src/kernel/constants.ts';
import { spelling } from '../src/kernel/spelling.ts';
import { SYSCALL_NUMBERS, syscallNumber } from '../src/kernel/syscall-numbers.ts';
import { perform } from '../src/perform.ts';
import { layOut, RECORD } from '../src/program.ts';
import { SAMPLES } from './samples.ts';

const c = constants;
const here = c.AT_FDCWD;
const all = Number.MAX_SAFE_INTEGER;

const named = Object.entries(SAMPLES);

describe('every constructor', () => {
  it('has a sample here', () => {
    const constructors = Object.entries(calls).filter(
      ([name, value]) => typeof value === 'function' && name !== 'makedev',
    );
    expect(Object.keys(SAMPLES).sort()).toEqual(constructors.map(([name]) => name).sort());
  });

  it.each(named)('%s builds a call that both machines have', (_, call) => {
    for (const machine of ['x64', 'arm64'] as const) {
      expect(syscallNumber(spelling(call, machine).name, machine)).toBeTypeOf('number');
      expect(layOut([call], machine).image.length).toBeGreaterThan(0);
    }
  });

  it.each(named)('%s takes its name from its manual page, in camel case', (name, call) => {
    const camel = call.name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    expect(name.startsWith('fsconfig') ? 'fsconfig' : name.replace(/^cloneCall$/, 'clone')).toBe(camel);
  });

  it.each(named)('%s says in plain words what it does', (_, call) => {
    expect(inWords(call)).toMatch(/\S/);
    expect(inWords(call)).not.toMatch(/undefined|\[object/);
    expect(inWords(call)).not.toBe(asText(call));
  });

  it.each([
    [
      'the old root lies on top of the new one, not under it',
      calls.pivotRoot('.', '.'),
      /the old root lies on top of it/,
    ],
    [
      'only with MS_REC the mounts below are private, too',
      calls.mount(null, '/', null, c.MS_PRIVATE),
      /directly on the mount at \//,
    ],
    ['with it they are', calls.mount(null, '/', null, c.MS_PRIVATE | c.MS_REC), /at or below \//],
    [
      'setgroups adds nothing to the groups there were',
      calls.setgroups([5]),
      /these supplementary groups and no others: 5/,
    ],
    [
      'a death signal comes when a thread ends',
      calls.prctl(c.PR_SET_PDEATHSIG, 'SIGKILL'),
      /SIGKILL when the thread .* ends/,
    ],
  ])('words are true: %s', (_, call, words) => {
    expect(inWords(call)).toMatch(words);
  });

  it.each(named)('%s knows what its errors mean', (_, call) => {
    const errors = Object.entries(manualPage(call.name)?.errors ?? {});
    expect(errors.length).toBeGreaterThan(0);
    for (const [code, meaning] of errors) {
      expect(code).toMatch(/^E[A-Z0-9]+$/);
      expect(meaning).toMatch(/^\S.{15,}[^.\s]$/);
    }
  });

  it('leaves no system call number without a constructor', () => {
    const built = new Set(named.map(([, call]) => call.name));
    expect(Object.keys(SYSCALL_NUMBERS).filter((name) => !built.has(name as never))).toEqual([]);
  });
});

describe('a call as text', () => {
  it.each([
    ['mount', 'mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV, NULL)'],
    ['openat', 'openat(AT_FDCWD, "/log", O_WRONLY|O_CREAT|O_CLOEXEC, 0600)'],
    ['openat2', 'openat2(3, "etc", {flags=O_PATH, mode=0, resolve=RESOLVE_IN_ROOT}, 24)'],
    ['closeRange', 'close_range(3, 4294967295, CLOSE_RANGE_CLOEXEC)'],
    ['fcntl', 'fcntl(0, F_SETFD, FD_CLOEXEC)'],
    ['flock', 'flock(3, LOCK_EX|LOCK_NB)'],
    ['ioctl', 'ioctl(0, TIOCSCTTY, 1)'],
    ['mknod', 'mknod("/dev/null", S_IFCHR|0666, makedev(1, 3))'],
    ['mknodat', 'mknodat(3, "pipe", S_IFIFO|0600, 0)'],
    ['mkdir', 'mkdir("/proc", 0555)'],
    ['umask', 'umask(022)'],
    ['chown', 'chown("/tmp", 0, -1)'],
    ['unlinkat', 'unlinkat(AT_FDCWD, "/tmp/a", AT_REMOVEDIR)'],
    ['execve', 'execve("/bin/sh", ["sh", "-c", "echo \\"hi\\""], ["PATH=/bin"])'],
    ['execveat', 'execveat(3, "", ["init", "--", "sh"], ["PATH=/bin"], AT_EMPTY_PATH)'],
    ['kill', 'kill(1, SIGTERM)'],
    ['pidfdGetfd', 'pidfd_getfd(3, 0, 0)'],
    ['pidfdSendSignal', 'pidfd_send_signal(3, SIGKILL, NULL, 0)'],
    ['rtSigaction', 'rt_sigaction(SIGPIPE, {sa_handler=SIG_DFL, sa_flags=0, sa_restorer=0, sa_mask=[]}, NULL, 8)'],
    ['rtSigprocmask', 'rt_sigprocmask(SIG_BLOCK, {sig=[SIGINT, SIGTERM]}, NULL, 8)'],
    ['prctl', 'prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0)'],
    ['prlimit64', 'prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM_INFINITY}, NULL)'],
    ['setpriority', 'setpriority(PRIO_PROCESS, 0, -5)'],
    ['schedSetaffinity', 'sched_setaffinity(0, 16, {bits[0]=[0], bits[1]=[65]})'],
    ['sethostname', 'sethostname("boîte", 6)'],
    ['setns', 'setns(3, CLONE_NEWNET)'],
    ['socket', 'socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)'],
    ['setgroups', 'setgroups(2, {[0]=5, [1]=27})'],
    [
      'capset',
      'capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {[0].effective=[CAP_CHOWN], [0].permitted=[CAP_CHOWN], [0].inheritable=[], [1].effective=[], [1].permitted=[CAP_BPF], [1].inheritable=[]})',
    ],
    ['seccomp', 'seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, {len=1, filter=[8 bytes]})'],
    [
      'bpf',
      'bpf(BPF_PROG_ATTACH, {target_fd=3, attach_bpf_fd=4, attach_type=BPF_CGROUP_DEVICE, attach_flags=BPF_F_ALLOW_MULTI}, 16)',
    ],
    ['keyctl', 'keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)'],
    ['openTree', 'open_tree(AT_FDCWD, "/srv", OPEN_TREE_CLONE|AT_RECURSIVE|OPEN_TREE_CLOEXEC)'],
    ['moveMount', 'move_mount(3, "", AT_FDCWD, "/mnt", MOVE_MOUNT_F_EMPTY_PATH)'],
    ['fsconfigSetString', 'fsconfig(3, FSCONFIG_SET_STRING, "size", "64k", 0)'],
    ['fsconfigCreate', 'fsconfig(3, FSCONFIG_CMD_CREATE, NULL, NULL, 0)'],
    [
      'mountSetattr',
      'mount_setattr(AT_FDCWD, "/mnt", AT_RECURSIVE, {attr_set=MOUNT_ATTR_RDONLY, attr_clr=0, propagation=0, userns_fd=0}, 32)',
    ],
    ['bind', 'bind(3, {sin_family=AF_INET, sin_port=htons(8080), sin_addr="127.0.0.1", sin_zero=0}, 16)'],
    ['setsockopt', 'setsockopt(3, SOL_SOCKET, SO_REUSEADDR, {value=1}, 4)'],
    ['shutdown', 'shutdown(3, SHUT_RD)'],
    ['write', 'write(3, "0 1000 1\\n", 9)'],
  ])('%s is written as strace would', (name, text) => {
    expect(asText(SAMPLES[name] as Call)).toBe(text);
  });

  it('names an ambient capability and not the option of the same number', () => {
    expect(asText(calls.prctl(c.PR_CAP_AMBIENT, c.PR_CAP_AMBIENT_RAISE, c.CAP_CHOWN))).toBe(
      'prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0)',
    );
    expect(asText(calls.prctl(c.PR_SET_PDEATHSIG, 'SIGKILL'))).toBe('prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)');
    expect(asText(calls.prctl(c.PR_GET_PDEATHSIG, new Uint8Array(4)))).toMatch('prctl(PR_GET_PDEATHSIG, [4 bytes]');
  });

  it('names the signals that are missing where nearly all are meant', () => {
    const most = Array.from({ length: 64 }, (_, index) => index + 1).filter((number) => number !== c.SIGKILL);
    expect(asText(calls.rtSigprocmask(c.SIG_SETMASK, most))).toMatch('{sig=~[SIGKILL]}');
  });

  it('counts real-time signals from SIGRTMIN', () => {
    expect(asText(calls.kill(1, 'SIGRTMIN+2'))).toBe('kill(1, SIGRTMIN+2)');
    expect(asText(calls.kill(1, 36))).toBe('kill(1, SIGRTMIN+2)');
    expect(asText(calls.kill(1, 64))).toBe('kill(1, SIGRTMAX)');
  });

  it('leaves out the mode of a file that is not made', () => {
    expect(asText(calls.openat(here, '/etc/hosts', c.O_RDONLY))).toBe('openat(AT_FDCWD, "/etc/hosts", O_RDONLY)');
  });

  it('shows a descriptor that a call will open as that call', () => {
    const tree = calls.openTree(here, 'a', c.OPEN_TREE_CLONE);
    expect(asText(calls.close(tree))).toBe('close(<open_tree(AT_FDCWD, "a", OPEN_TREE_CLONE)>)');
  });

  it('only names a call whose result that of another was made of', () => {
    const place = calls.openat(c.AT_FDCWD, 'a', c.O_PATH);
    const tree = calls.openTree(place, 'b', c.OPEN_TREE_CLONE);
    expect(asText(tree)).toBe('open_tree(<openat(AT_FDCWD, "a", O_PATH)>, "b", OPEN_TREE_CLONE)');
    expect(asText(calls.close(tree))).toBe('close(<open_tree(<openat(…)>, "b", OPEN_TREE_CLONE)>)');
  });

  it('tells what may come of it, where that is more or less than success', () => {
    const mkdir = calls.mkdir('/proc', 0o555);
    expect(asText(tolerate(mkdir, 'EEXIST'))).toBe('mkdir("/proc", 0555) or EEXIST');
    expect(asText(tolerate(mkdir, 'any'))).toBe('mkdir("/proc", 0555) or any error');
    expect(asText(atLeast(calls.read(3, new Uint8Array(1)), 1))).toBe('read(3, [1 bytes], 1) >= 1');
    expect(asStrace(tolerate(mkdir, 'EEXIST'))).toBe('mkdir("/proc", 0555)');
  });
});

describe('a wrong value is refused by its parameter name, with what was given', () => {
  it.each<[string, () => Call | number, RegExp]>([
    ['a path with a NUL byte', () => calls.chdir('/tmp\0/x'), /path must not contain a NUL byte.*tmp/],
    ['a path longer than PATH_MAX', () => calls.mkdir('x'.repeat(4096)), /pathname is 4097 bytes long.*4096/],
    ['a path that is none', () => calls.rmdir(7 as never), /pathname must be a string, got 7/],
    ['a descriptor below 0', () => calls.close(-1), /fd must be a whole number from 0 to 2147483647, got -1/],
    ['a descriptor that is no whole number', () => calls.fchdir(1.5), /fd must be a whole number.*got 1\.5/],
    ['an int out of range', () => calls.setpgid(2 ** 31, 0), /pid must be .* got 2147483648/],
    [
      'more to read than there is room for',
      () => calls.read(0, new Uint8Array(4), 5),
      /count must be .* from 0 to 4, got 5/,
    ],
    ['room of another size', () => calls.pipe2(new Uint8Array(4)), /pipefd must have room for 8 bytes, got 4/],
    ['an exit status above 255', () => calls.exitGroup(256), /status must be .* from 0 to 255, got 256/],
    ['a host name that is too long', () => calls.sethostname('é'.repeat(33)), /name is 66 bytes long.*takes 64.*"ééé/],
    ['a domain name that is too long', () => calls.setdomainname('x'.repeat(65)), /name is 65 bytes long/],
    ['a process name that is too long', () => calls.prctl(c.PR_SET_NAME, 'sixteen-letters!'), /arg2 is 16 bytes long/],
    [
      'text for an option that takes none',
      () => calls.prctl(c.PR_SET_DUMPABLE, 'no'),
      /arg2 must be a number.*got "no"/,
    ],
    ['a signal that is none', () => calls.kill(1, 'SIGBOX'), /sig must be a signal.*got "SIGBOX"/],
    [
      'a signal in a set that is none',
      () => calls.rtSigprocmask(0, ['SIGINT', 'TERM']),
      /set\[1\] must be.*got "TERM"/,
    ],
    ['a signal number above 64', () => calls.kill(1, 65), /sig must be .* from 0 to 64, got 65/],
    ['a real-time signal above 64', () => calls.kill(1, 'SIGRTMIN+31'), /sig must be a signal.*"SIGRTMIN\+31"/],
    ['a handler that is code', () => calls.rtSigaction('SIGINT', 0x1000), /handler must be .* from 0 to 1, got 4096/],
    ['an id of -2', () => calls.chown('/', -2, 0), /owner must be .* from -1 to 4294967294, got -2/],
    ['the id that means none', () => calls.setuid(2 ** 32 - 1), /uid must be .* got 4294967295/],
    ['a group that is no id', () => calls.setgroups([0, -1]), /list\[1\] must be .* got -1/],
    [
      'a capability set beyond 64 bits',
      () => calls.capset(0, { effective: 0, permitted: 1n << 64n, inheritable: 0 }),
      /permitted/,
    ],
    ['a niceness of 20', () => calls.setpriority(0, 0, 20), /prio must be .* from -20 to 19, got 20/],
    ['a processor of -1', () => calls.schedSetaffinity(0, [-1]), /cpus\[0\] must be .* got -1/],
    ['a limit below 0', () => calls.setrlimit(0, { rlim_cur: -1, rlim_max: 0 }), /rlim\.rlim_cur must be .* got -1/],
    ['a minor number of 21 bits', () => calls.makedev(1, 2 ** 20), /minor must be .* got 1048576/],
    ['a filter without instructions', () => calls.seccomp(1, 0, []), /args\.length must be .* from 1 to 4096, got 0/],
    ['a jump over 255', () => calls.seccomp(1, 0, [{ code: 5, jt: 256, k: 0 }]), /args\[0\]\.jt must be .* got 256/],
    ['a fifth key argument', () => calls.keyctl(0, 1, 2, 3, 4, 5), /args\.length must be .* from 0 to 4, got 5/],
    ['no arguments for a program', () => calls.execve('/bin/sh', [], []), /argv must contain .* got \[\]/],
    [
      'an argument with a NUL byte',
      () => calls.execve('/a', ['a', 'b\0'], []),
      /argv\[1\] must not contain a NUL byte/,
    ],
    ['flags beyond 32 bits', () => calls.unshare(all), /flags must be .* got 9007199254740991/],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe('the memory of a call', () => {
  /** The struct that an argument points to, as the kernel reads it. */
  const pointedTo = (call: Call, nth: number, bytes: number) => {
    const image = Buffer.from(layOut([call]).image);
    const at = Number(image.readBigUInt64LE(Number(image.readBigUInt64LE(RECORD.arguments + nth * 8))));
    return image.subarray(at, at + bytes);
  };

  it('of capset holds the low halves of the sets, then the high ones', () => {
    const data = pointedTo(
      calls.capset(0, { effective: 1n, permitted: (1n << 40n) - 1n, inheritable: 2n ** 63n }),
      1,
      24,
    );
    expect([0, 4, 8, 12, 16, 20].map((at) => data.readUInt32LE(at))).toEqual([1, 0xffffffff, 0, 0, 0xff, 0x80000000]);
  });

  it('of rt_sigprocmask has signal n as bit n - 1', () => {
    expect(pointedTo(calls.rtSigprocmask(c.SIG_BLOCK, ['SIGHUP', 'SIGRTMAX']), 1, 8).readBigUInt64LE()).toBe(
      (1n << 63n) | 1n,
    );
  });

  it('of rt_sigaction has the 32 bytes of the kernel and not the 152 of the C library', () => {
    expect(pointedTo(calls.rtSigaction('SIGPIPE', c.SIG_IGN), 1, 32).toString('hex')).toBe(`01${'00'.repeat(31)}`);
  });

  it('of seccomp is a length and a pointer to instructions', () => {
    const call = calls.seccomp(c.SECCOMP_SET_MODE_FILTER, 0, [{ code: 0x15, jt: 1, jf: 2, k: 0xc000003e }]);
    const image = Buffer.from(layOut([call]).image);
    const program = pointedTo(call, 2, 16);
    const at = Number(program.readBigUInt64LE(8));
    expect(program.readUInt16LE(0)).toBe(1);
    expect(image.subarray(at, at + 8).toString('hex')).toBe('150001023e0000c0');
  });

  it('of sched_setaffinity and setgroups is one bit or four bytes each', () => {
    expect(pointedTo(calls.schedSetaffinity(0, [1, 64]), 2, 16).toString('hex')).toBe(
      '02000000000000000100000000000000',
    );
    expect(pointedTo(calls.setgroups([1, 2]), 1, 8).toString('hex')).toBe('0100000002000000');
  });

  it('of setrlimit is two numbers of 64 bits', () => {
    const limit = pointedTo(calls.setrlimit(c.RLIMIT_CORE, { rlim_cur: 5, rlim_max: c.RLIM_INFINITY }), 1, 16);
    expect([limit.readBigUInt64LE(0), limit.readBigUInt64LE(8)]).toEqual([5n, 2n ** 64n - 1n]);
  });
});

const LIBRARY_HEADERS = `fcntl.h net/if.h sched.h signal.h sys/file.h sys/ioctl.h sys/mman.h sys/mount.h sys/prctl.h
  sys/resource.h sys/socket.h sys/stat.h sys/syscall.h sys/sysmacros.h sys/wait.h`;
const KERNEL_HEADERS = `asm/ioctls.h linux/audit.h linux/bpf.h linux/capability.h linux/close_range.h linux/fcntl.h
  linux/filter.h linux/ioprio.h linux/keyctl.h linux/mempolicy.h linux/mount.h linux/nsfs.h linux/openat2.h linux/personality.h linux/pidfd.h linux/prctl.h linux/resource.h
  linux/sched.h linux/seccomp.h linux/securebits.h linux/sockios.h linux/stat.h`;

describe('the C headers of this machine', () => {
  beforeEach(needs('cc'));
  const directory = mkdtempSync(join(tmpdir(), 'boxstep-headers-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** The values of those of these names that the headers know. */
  function valuesIn(headers: string, names: string[]): Map<string, bigint> {
    const [source, program] = [join(directory, 'values.c'), join(directory, 'values')];
    const compile = (known: string[], ...options: string[]) => {
      const includes = ['stdio.h', ...headers.split(/\s+/)].map(
        (header) => `#if __has_include(<${header}>)\n#include <${header}>\n#endif`,
      );
      const lines = known.map((name) => `printf("%s %lld\\n", "${name}", (long long)(${name}));`);
      writeFileSync(source, `#define _GNU_SOURCE\n${includes.join('\n')}\nint main(void) {\n${lines.join('\n')}\n}\n`);
      const env = { ...process.env, LC_ALL: 'C' };
      return spawnSync('cc', ['-w', '-fmax-errors=0', source, ...options], { env, encoding: 'utf8' });
    };
    const { stderr: complaints } = compile(names, '-fsyntax-only');
    const unknown = new Set(
      [...complaints.matchAll(/'(\w+)' undeclared|undeclared identifier '(\w+)'/g)].map(([, a, b]) => a ?? b),
    );
    const { status, stderr } = compile(
      names.filter((name) => !unknown.has(name)),
      '-o',
      program,
    );
    if (status !== 0) throw new Error(stderr);
    const lines = spawnSync(program, { encoding: 'utf8' }).stdout.trim().split('\n');
    return new Map(lines.map((line) => line.split(' ')).map(([name = '', value = '']) => [name, BigInt(value)]));
  }

  it('give each constant the value it has here', { timeout: 60_000 }, () => {
    const values = Object.entries(constants).map(([name, value]): [string, bigint] => [name, BigInt(value)]);
    const names = values.map(([name]) => name);
    const library = valuesIn(LIBRARY_HEADERS, names);
    library.delete('O_LARGEFILE'); // 0 in the C library of a 64-bit machine, which sets the real one by itself
    const kernel = valuesIn(KERNEL_HEADERS, names);

    for (const header of [library, kernel]) {
      const ours = values.filter(([name]) => header.has(name)).map(([name, value]) => [name, BigInt.asIntN(64, value)]);
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(header));
    }
    const unseen = names.filter((name) => !library.has(name) && !kernel.has(name));
    expect(unseen.length, `not in these headers: ${unseen.join(', ')}`).toBeLessThan(20);
  });

  it('give each system call of this machine the number it has here', { timeout: 60_000 }, () => {
    const column = process.arch === 'arm64' ? 1 : 0;
    const ours = new Map(Object.entries(SYSCALL_NUMBERS).map(([name, numbers]) => [`SYS_${name}`, numbers[column]]));
    const header = valuesIn(LIBRARY_HEADERS, [...ours.keys()]);
    expect(header.size).toBeGreaterThan(50);
    for (const [name, value] of header) expect([name, BigInt(ours.get(name) ?? -1)]).toEqual([name, value]);
  });

  it('build the numbers of devices as makedev does here', { timeout: 60_000 }, () => {
    const devices = [
      [1, 3],
      [4095, 1048575],
      [259, 256],
      [8, 17],
    ] as const;
    const header = valuesIn(
      LIBRARY_HEADERS,
      devices.map(([major, minor]) => `makedev(${major},${minor})`),
    );
    expect(header.size).toBe(4);
    for (const [major, minor] of devices) {
      expect(BigInt(calls.makedev(major, minor))).toBe(header.get(`makedev(${major},${minor})`));
    }
  });
});

describe('performed here', () => {
  let directory = '';
  let opened = 0;
  const at = (name: string) => join(directory, name);
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'boxstep-calls-'));
    opened = perform(calls.openat(here, directory, c.O_RDONLY | c.O_DIRECTORY | c.O_CLOEXEC));
  });
  afterAll(() => {
    perform(calls.close(opened));
    rmSync(directory, { recursive: true });
  });
  const code = (call: Call) => {
    try {
      return perform(call);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('a directory is made and removed', () => {
    perform(calls.mkdir(at('a'), 0o700));
    expect(statSync(at('a')).mode & 0o777).toBe(0o700);
    expect(() => perform(calls.mkdir(at('a')))).toThrow(/^mkdir\(".*\/a", 0777\): EEXIST: something is there already/);
    perform(calls.mkdirat(opened, 'a/b', 0o755));
    expect(code(calls.rmdir(at('a')))).toBe('ENOTEMPTY');
    perform(calls.unlinkat(opened, 'a/b', c.AT_REMOVEDIR));
    perform(calls.rmdir(at('a')));
    expect(code(calls.rmdir(at('a')))).toBe('ENOENT');
  });

  it('a file is written and read back', () => {
    const file = perform(calls.openat(opened, 'file', c.O_RDWR | c.O_CREAT | c.O_EXCL | c.O_CLOEXEC, 0o600));
    expect(perform(calls.write(file, 'grüße'))).toBe(7);
    const again = perform(calls.openat(here, `/proc/self/fd/${file}`, c.O_RDONLY));
    const into = new Uint8Array(16);
    expect(perform(calls.read(again, into))).toBe(7);
    expect(Buffer.from(into.subarray(0, 7)).toString()).toBe('grüße');
    perform(calls.close(file));
    perform(calls.close(again));
    expect(code(calls.close(file))).toBe('EBADF');
    perform(calls.chmod(at('file'), 0o640));
    perform(calls.chown(at('file'), -1, -1));
    expect(statSync(at('file')).mode & 0o7777).toBe(0o640);
    perform(calls.fchmodat(opened, 'file', 0o400));
    expect(statSync(at('file')).mode & 0o7777).toBe(0o400);
    perform(calls.unlink(at('file')));
  });

  it('RESOLVE_BENEATH keeps a path in its directory', () => {
    const beneath = { flags: c.O_PATH, resolve: c.RESOLVE_BENEATH };
    expect(code(calls.openat2(opened, '../', beneath))).toBe('EXDEV');
    expect(code(calls.openat2(opened, '/etc', beneath))).toBe('EXDEV');
    perform(calls.symlink('/', at('root')));
    perform(calls.symlinkat('/etc', opened, 'etc'));
    expect(readlinkSync(at('etc'))).toBe('/etc');
    expect(() => perform(calls.openat2(opened, 'etc', beneath))).toThrow(/EXDEV: the path leads out of the directory/);
    const root = perform(calls.openat2(opened, 'root', { flags: c.O_PATH, resolve: c.RESOLVE_IN_ROOT }));
    expect(readdirSync(`/proc/self/fd/${root}`)).toEqual(readdirSync(directory));
    perform(calls.close(root));
  });

  it('a second lock on a file has to wait', () => {
    const [one, other] = [1, 2].map(() => perform(calls.openat(opened, 'lock', c.O_RDWR | c.O_CREAT, 0o600))) as [
      number,
      number,
    ];
    perform(calls.flock(one, c.LOCK_EX | c.LOCK_NB));
    expect(() => perform(calls.flock(other, c.LOCK_EX | c.LOCK_NB))).toThrow(
      /flock\(\d+, LOCK_EX\|LOCK_NB\): EAGAIN: another process holds the lock/,
    );
    perform(calls.flock(one, c.LOCK_UN));
    expect(perform(calls.flock(other, c.LOCK_SH | c.LOCK_NB))).toBe(0);
    perform(calls.close(one));
    perform(calls.close(other));
  });

  it('a lock on bytes of a file belongs to the open file, and leaves the other bytes free', () => {
    const open = () => perform(calls.openat(opened, 'ranges', c.O_RDWR | c.O_CREAT | c.O_CLOEXEC, 0o600));
    const lock = (fd: number, l_type: number, l_start: number | bigint) =>
      calls.fcntl(fd, c.F_OFD_SETLK, { l_type, l_start, l_len: 1 });
    const [one, other] = [open(), open()];
    const far = 2n ** 62n;
    expect(asText(lock(3, c.F_WRLCK, 2))).toBe(
      'fcntl(3, F_OFD_SETLK, {l_type=F_WRLCK, l_whence=0, l_start=2, l_len=1, l_pid=0})',
    );
    perform(lock(one, c.F_WRLCK, far));
    expect(code(lock(other, c.F_WRLCK, far))).toBe('EAGAIN');
    expect(code(lock(other, c.F_RDLCK, far))).toBe('EAGAIN');
    expect(perform(lock(other, c.F_WRLCK, far - 1n))).toBe(0);
    perform(lock(one, c.F_RDLCK, far)); // from one to the other at once
    expect(perform(lock(other, c.F_RDLCK, far))).toBe(0);
    perform(calls.close(one));
    expect(perform(lock(other, c.F_WRLCK, far))).toBe(0);
    perform(calls.close(other));
  });

  it('a pipe carries bytes, and its descriptors are copied and marked', () => {
    const ends = new Uint8Array(8);
    perform(calls.pipe2(ends, c.O_CLOEXEC | c.O_NONBLOCK));
    const [out, into] = new Int32Array(ends.buffer) as unknown as [number, number];
    expect(code(calls.read(out, new Uint8Array(1)))).toBe('EAGAIN');
    const copy = perform(calls.fcntl(into, c.F_DUPFD_CLOEXEC, 100));
    expect(copy).toBeGreaterThanOrEqual(100);
    expect(perform(calls.write(copy, 'x'))).toBe(1);
    expect(perform(calls.read(out, new Uint8Array(1)))).toBe(1);
    expect(perform(calls.fcntl(copy, c.F_GETFD))).toBe(c.FD_CLOEXEC);
    perform(calls.fcntl(copy, c.F_SETFD, 0));
    expect(perform(calls.fcntl(copy, c.F_GETFD))).toBe(0);
    expect(perform(calls.dup3(out, copy, c.O_CLOEXEC))).toBe(copy);
    expect(code(calls.dup3(out, out))).toBe('EINVAL');
    for (const one of [out, into, copy]) perform(calls.close(one));
  });

  it('a FIFO is made', () => {
    perform(calls.mknod(at('fifo'), c.S_IFIFO | 0o600));
    perform(calls.mknodat(opened, 'fifo2', c.S_IFIFO | 0o600));
    expect(statSync(at('fifo')).isFIFO() && statSync(at('fifo2')).isFIFO()).toBe(true);
  });

  it('a namespace says of which kind it is', () => {
    const uts = perform(calls.openat(here, '/proc/self/ns/uts', c.O_RDONLY | c.O_CLOEXEC));
    expect(perform(calls.ioctl(uts, c.NS_GET_NSTYPE))).toBe(c.CLONE_NEWUTS);
    perform(calls.close(uts));
  });

  it('limits and capabilities are told', () => {
    const limit = new Uint8Array(16);
    perform(calls.prlimit64(0, c.RLIMIT_NOFILE, null, limit));
    const [soft = 0n, hard = 0n] = new BigUint64Array(limit.buffer);
    expect(soft).toBeGreaterThan(0n);
    expect(soft).toBeLessThanOrEqual(hard);
    expect(perform(calls.setrlimit(c.RLIMIT_NOFILE, { rlim_cur: soft, rlim_max: hard }))).toBe(0);
    expect(perform(calls.capget(0, new Uint8Array(24)))).toBe(0);
    expect([0, 1]).toContain(perform(calls.prctl(c.PR_GET_NO_NEW_PRIVS)));
    expect(perform(calls.prctl(c.PR_CAPBSET_READ, c.CAP_CHOWN))).toBeLessThanOrEqual(1);
  });

  it('a signal finds this process by its number and by its descriptor', () => {
    expect(perform(calls.getpid())).toBe(process.pid);
    expect(perform(calls.kill(process.pid, 0))).toBe(0);
    const pidfd = perform(calls.pidfdOpen(process.pid));
    expect(perform(calls.pidfdSendSignal(pidfd, 0))).toBe(0);
    perform(calls.close(pidfd));
    expect(code(calls.rtSigaction('SIGKILL', c.SIG_IGN))).toBe('EINVAL');
    expect(perform(calls.rtSigprocmask(c.SIG_BLOCK, []))).toBe(0);
  });

  it('a thread that shares its process cannot join or leave a user namespace', () => {
    const own = perform(calls.openat(here, '/proc/self/ns/user', c.O_RDONLY | c.O_CLOEXEC));
    const refused = /several threads, as Node is|EPERM/; // EPERM: the seccomp filter of a container around this test
    expect(() => perform(calls.setns(own, c.CLONE_NEWUSER))).toThrow(refused);
    expect(() => perform(calls.unshare(c.CLONE_NEWUSER))).toThrow(refused);
    perform(calls.close(own));
  });

  it('the kernel says whether it knows an answer of a filter', () => {
    const action = new Uint8Array(4);
    new DataView(action.buffer).setUint32(0, c.SECCOMP_RET_ALLOW, true);
    expect(perform(calls.seccomp(c.SECCOMP_GET_ACTION_AVAIL, 0, action))).toBe(0);
    expect(perform(calls.schedYield())).toBe(0);
  });
});
