import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRootfs } from 'step-03';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';

const isRoot = process.geteuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'boxstep-e2e-04-'));
const rootfs = join(folder, 'root fs');
beforeAll(async () => {
  if (!isRoot) return;
  cpSync(await defaultRootfs(), rootfs, { recursive: true, verbatimSymlinks: true });
  appendFileSync(join(rootfs, 'etc/passwd'), 'ann:x:1000:1000::/home/ann:/bin/sh\n');
  appendFileSync(join(rootfs, 'etc/group'), 'ann:x:1000:\nwheel:x:10:ann,root\naudio:x:29:ann\n');
});
beforeEach(needs('root'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  expect(leftovers('boxstep-e2e-04')).toEqual([]);
});

const run = (...args: string[]) => boxstep('4', 'run', ...args);
const sh = (script: string, ...flags: string[]) => run(...flags, rootfs, 'sh', '-c', script);

describe('standard input and output', () => {
  test('that are pipes can be opened by another user, too', async () => {
    const script = 'cat /dev/stdin; echo to stdout > /dev/stdout; echo to stderr > /dev/stderr; id -u';
    const { stdout } = await shell(
      `echo given | ./boxstep 4 run -i -u ann '${rootfs}' sh -c '${script}' 2> >(cat >&1) | cat`,
    );
    expect(stdout.split('\n').sort()).toEqual(['1000', 'given', 'to stderr', 'to stdout']);
  });

  test('that are files stay whose they were', async () => {
    const file = join(folder, 'output');
    await shell(`./boxstep 4 run -u ann '${rootfs}' id -u > '${file}'`);
    expect({ said: readFileSync(file, 'utf8'), uid: statSync(file).uid }).toEqual({ said: '1000\n', uid: 0 });
  });
});

describe('the environment', { tags: ['once'] }, () => {
  test('is what docker gives, and what -e and --env-file add, in that order', async () => {
    writeFileSync(join(folder, 'a.env'), '# a comment\nA=file\r\nB="quoted"\nHOME=/tmp\n');
    const { stdout } = await run(
      '--name',
      'boxstep-env',
      '--env-file',
      join(folder, 'a.env'),
      '-e',
      'A=flag',
      rootfs,
      'env',
    );
    expect(stdout.split('\n').sort()).toEqual([
      'A=flag',
      'B="quoted"',
      'HOME=/tmp',
      'HOSTNAME=boxstep-env',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
  });

  test('has nothing of the caller’s but what is named', async () => {
    const { stdout } = await shell(`SECRET=1 GIVEN='a b' ./boxstep 4 run -e GIVEN -e NONE '${rootfs}' env`);
    expect(stdout).toContain('GIVEN=a b');
    expect(stdout).not.toMatch(/SECRET|NONE|NODE/);
  });

  test.each(['-e X', '--env-file <(echo X)'])(
    'had other bytes than the caller’s, where those are no UTF-8: %s',
    async (flag) => {
      const line = (value: string) => shell(`X=$'${value}' ./boxstep 4 run ${flag} '${rootfs}' env`);
      const { exitCode, stderr } = await line('L\\351a');
      expect([exitCode, stderr]).toEqual([
        125,
        expect.stringContaining("the variable X holds bytes that aren't UTF-8"),
      ]);
      expect((await line('L\\357\\277\\275a')).stdout).toContain('X=L\ufffda');
    },
  );

  test('names no descriptor of the caller’s: none is there', async () => {
    const { stdout } = await shell(
      `exec 7</etc/passwd 8<package.json 9>/dev/null; ./boxstep 4 run -i '${rootfs}' ls /proc/self/fd < /dev/null`,
    );
    expect(stdout.split('\n')).toEqual(['0', '1', '2', '3']); // 3 is the directory that ls reads
  });

  test('says where programs are looked for', async () => {
    expect((await run('-e', 'PATH=/usr/bin', rootfs, 'echo', 'found')).stdout).toBe('found');
    const { exitCode, stderr } = await run('-e', 'PATH=/nowhere', rootfs, 'echo', 'found');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('executable file not found in $PATH'),
    });
  });

  test.each([
    [['-e', '=x'], /invalid environment variable "=x"/],
    [['--env-file', '/no/such.env'], /open \/no\/such\.env: no such file or directory/],
    [['-w', 'tmp'], /the working directory 'tmp' is invalid, it needs to be an absolute path/],
    [['-u', 'nosuch'], /unable to find user nosuch: no matching entries in passwd file/],
    [['-u', 'ann:nosuch'], /unable to find group nosuch: no matching entries in group file/],
    [['-u', '2147483648'], /must be in range 0-2147483647/],
    [['-w', '/etc/passwd'], /openat2\(AT_FDCWD, "\/etc\/passwd".*ENOTDIR: what should be a directory is a file/],
    [['-w', '/etc/passwd/x'], /ENOTDIR/],
    [['-w', '/proc/self/cwd/tmp'], /ELOOP/],
  ])('%j is refused with status 125, and nothing is run', async (flags, message) => {
    const { exitCode, stderr, stdout } = await sh('echo ran', ...flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('the user', () => {
  const id = 'echo "$(id -u) $(id -g) $(id -G) $HOME"';

  test.each([
    ['', '0 0 0 10 /root'],
    ['ann', '1000 1000 1000 10 29 /home/ann'],
    ['1000', '1000 1000 1000 10 29 /home/ann'],
    ['ann:audio', '1000 29 29 /home/ann'],
    ['4321:4322', '4321 4322 4322 /'],
    ['4321', '4321 0 0 /'],
  ])('%j has its ids, groups and home from the container', async (spec, expected) => {
    expect((await sh(id, '-u', spec)).stdout).toBe(expected);
  });

  test('has the groups of --group-add besides, and none of the caller’s', async () => {
    const line = `setpriv --groups 4,20,27 ./boxstep 4 run -u ann --group-add 77 --group-add audio '${rootfs}' id -G`;
    expect((await shell(line)).stdout).toBe('1000 10 29 77');
  });

  test('has no capability, and none of the ids of root to go back to', async () => {
    const { stdout } = await sh('grep -E "^(Uid|Gid|Cap(Prm|Eff|Amb))" /proc/self/status', '-u', 'ann');
    expect(stdout).toBe(
      'Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000',
    );
  });
});

describe('the working directory', () => {
  test('is made if it is missing, and belongs to root', async () => {
    const { stdout } = await sh('pwd; stat -c "%A %u" . ..', '-w', '/srv/new//app/', '-u', '4321');
    expect(stdout).toBe('/srv/new/app\ndrwxr-xr-x 0\ndrwxr-xr-x 0');
    expect(statSync(join(rootfs, 'srv/new/app')).uid).toBe(0);
  });

  test('that is a link leads nowhere but into the container', async () => {
    await sh('ln -sfn /boxstep-outside /link; mkdir -p /boxstep-outside');
    expect((await sh('pwd -P', '-w', '/link/sub')).stdout).toBe('/boxstep-outside/sub');
    expect(existsSync('/boxstep-outside')).toBe(false);
    expect(existsSync(join(rootfs, 'boxstep-outside/sub'))).toBe(true);
  });

  test('that is a link to nothing is made where the link leads', async () => {
    await sh('ln -sfn /opt/app /dangling; ln -sfn /etc/passwd /to-file; ln -sfn circle /circle');
    expect((await sh('pwd', '-w', '/dangling')).stdout).toBe('/opt/app');
    expect((await sh('pwd', '-w', '/dangling/deep', '--read-only')).stdout).toBe('/opt/app/deep');
    expect(await sh('pwd', '-w', '/to-file')).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('ENOTDIR'),
    });
    expect(await sh('pwd', '-w', '/circle')).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('circle'),
    });
  });

  test('never lies outside, and none is made there, though a link of /proc leads to the host', async () => {
    await sh(`ln -sfn /proc/self/cwd${folder} /outside`);
    expect((await sh('pwd', '-w', '/outside/made')).exitCode).toBe(125);
    expect(existsSync(join(folder, 'made'))).toBe(false);
    const descriptors = Array.from({ length: 40 }, (_, n) => `/proc/self/fd/${n}`);
    const tried = await Promise.all(descriptors.map((path) => sh('pwd', '-w', path)));
    expect(tried.map(({ exitCode }) => exitCode)).toEqual(descriptors.map(() => 125));
  });
});

describe('limits of step 3', () => {
  test.each(['nofile=20:30', 'nofile=3', 'nofile=1', 'fsize=0', 'nproc=1', 'memlock=0', 'sigpending=0'])(
    '--ulimit %s lets the program begin, as in step 3',
    async (ulimit) => {
      for (const flags of [[], ['-i'], ['-t']]) {
        const { exitCode, stderr } = await run('--ulimit', ulimit, ...flags, rootfs, '/etc/passwd');
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 126, stderr: expect.stringContaining('EACCES') });
      }
    },
  );
});

describe('--entrypoint', () => {
  test('is run with the command as its arguments', async () => {
    expect((await run('--entrypoint', 'echo', rootfs, 'a', '-b')).stdout).toBe('a -b');
    expect((await run('--entrypoint', '/bin/pwd', '-w', '/tmp', rootfs)).stdout).toBe('/tmp');
  });
});

describe('standard input', () => {
  test('is passed on with -i, and nothing without', async () => {
    expect((await shell(`echo hi | ./boxstep 4 run -i '${rootfs}' cat`)).stdout).toBe('hi');
    expect((await shell(`echo hi | ./boxstep 4 run '${rootfs}' cat; cat <<< rest`)).stdout).toBe('rest');
  });

  test('of 100 MB of binary data arrives unharmed, also when the reader is slow, and goes out again', async () => {
    const slow = "sh -c 'dd bs=1 count=1000 2>/dev/null; sleep 0.5; cat'";
    const line = `head -c 100000000 /dev/urandom | tee >(sha256sum >&2) | ./boxstep 4 run -i '${rootfs}' ${slow} | sha256sum`;
    const { stdout, stderr } = await shell(line);
    expect(stdout).toMatch(/^[0-9a-f]{64}/);
    expect(stdout).toBe(stderr);
  });

  test('whose reader ends first is no error of ours', async () => {
    const { stdout, stderr } = await shell(`yes | ./boxstep 4 run -i '${rootfs}' head -n 1; echo "\${PIPESTATUS[1]}"`);
    expect({ stdout, stderr }).toEqual({ stdout: 'y\n0', stderr: '' });
  });
});

test('the plan needs no root, and marks what this step adds', { tags: ['once'] }, async () => {
  const { stdout, exitCode } = await shell(
    `setpriv --reuid 65534 --clear-groups --inh-caps +dac_read_search --ambient-caps +dac_read_search ./boxstep 4 plan -t -u ann -w /srv '${rootfs}' sh`,
  );
  expect(exitCode).toBe(0);
  for (const call of [
    'mkdir("/srv", 0755)',
    'fchdir(<openat2(AT_FDCWD, "/srv"',
    'setgroups(3, ',
    'setresuid(1000',
    'pidfd_getfd(',
  ]) {
    expect(stdout).toContain(`  step-04  ${call}`);
  }
  expect(stdout.match(/ execve\(/g)).toHaveLength(1);
});

test('--explain tells each call of a container with a terminal before what it writes', async () => {
  const { stdout, stderr } = await run('--explain', '-t', '-u', 'ann', rootfs, 'echo', 'hello');
  expect(stdout).toBe('hello');
  for (const call of ['TIOCGPTPEER', 'setresuid(1000, 1000, 1000) = 0', 'TIOCSCTTY, 0) = 0', 'execve(']) {
    expect(stderr).toContain(call);
  }
});

test('the demo ends well, and needs no terminal', async () => {
  const { exitCode, stdout } = await shell('./boxstep 4 demo < /dev/null');
  expect(exitCode).toBe(0);
  expect(stdout).not.toBe('');
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain('boxstep-e2e-04');
});
