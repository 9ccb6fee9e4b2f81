import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, leftovers, REPOSITORY, says, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { pnpmLine } from '../../../test/pnpm.ts';

beforeEach(needs('root'));
afterAll(() => expect(leftovers('boxstep-e2e')).toEqual([]));

const run = (...args: string[]) => boxstep('1', 'run', ...args);
const sh = (script: string, ...flags: string[]) => run(...flags, 'sh', '-c', script);

describe('the container', () => {
  test('is PID 1 of a process tree in which it sees nobody else', async () => {
    const { stdout } = await sh('echo $$; sleep 9 & ls -d /proc/[0-9]*');
    expect(stdout).toMatch(/^1\n\/proc\/1\n\/proc\/2$/);
  });

  test('has a hostname of its own, and the host keeps its own', async () => {
    const { stdout } = await sh('hostname; hostname changed; hostname', '--hostname', 'inside');
    expect(stdout).toBe('inside\nchanged');
    expect(hostname()).not.toMatch(/^(inside|changed)$/);
  });

  test('has a mount table of its own: what it mounts is not seen outside', async () => {
    await sh('mount -t tmpfs boxstep-e2e /mnt && grep -q boxstep-e2e /proc/self/mountinfo');
    expect((await sh('mount -t tmpfs boxstep-e2e /mnt; grep -c boxstep-e2e /proc/self/mountinfo')).stdout).toBe('1');
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain('boxstep-e2e');
  });

  test('sees the files of its root', async () => {
    expect((await sh('ls /; cat /etc/os-release')).stdout).toMatch(/^bin\ndev\netc\n(.*\n)*ID=boxstep/);
  });

  test('gets none of the environment and no descriptor of the caller', async () => {
    const { stdout } = await shell(
      "SECRET=1 ./boxstep 1 run --hostname h sh -c 'env; ls /proc/self/fd' 7</etc/passwd 8<package.json",
    );
    expect(stdout).not.toContain('SECRET');
    expect(stdout.split('\n').slice(-4)).toEqual(['0', '1', '2', '3']); // 3 is the directory that ls reads
    expect(stdout).toContain('HOSTNAME=h');
  });

  test('gets its signals at their defaults, and standard streams that block', async () => {
    const { stdout } = await sh('grep -E "^Sig(Blk|Ign)" /proc/self/status; cat /proc/self/fdinfo/1 | grep flags');
    expect(stdout).toMatch(/SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nflags:\t0*[012]$/);
  });

  test('passes on what comes to its standard input, and what it writes, unharmed', async () => {
    const line = 'head -c 20000000 /dev/urandom | tee >(sha256sum >&2) | ./boxstep 1 run sha256sum';
    const { stdout, stderr } = await shell(line);
    expect(stdout).toBe(stderr);
  });
});

test("a letter's value may come behind =, and a switch may be set to false, as docker takes them", async () => {
  const words = [
    '-h=box',
    '--domainname=lan',
    '--rm=false',
    '--stop-timeout=-1',
    '--sig-proxy=true',
    '--stop-signal=INT',
  ];
  const { stdout } = await boxstep('1', 'run', ...words, 'sh', '-c', 'hostname; cat /proc/sys/kernel/domainname');
  expect(stdout).toBe('box\nlan');
  expect((await boxstep('1', 'plan', ...words, 'sh')).exitCode).toBe(0);
});

test('an argument of bytes that are no UTF-8 is refused, and not passed on as others', { tags: ['once'] }, async () => {
  const { stderr, exitCode } = await shell("./boxstep 1 run echo $(printf 'L\\351a')");
  expect([exitCode, stderr]).toEqual([125, expect.stringContaining("holds bytes that aren't UTF-8")]);
  expect((await boxstep('1', 'run', 'echo', 'L\ufffda')).stdout).toBe('L\ufffda');
});

describe('a standard stream that is closed', { tags: ['once'] }, () => {
  test.each([
    ['yes >&-', 1, '', 'Bad file descriptor'],
    ['cat <&-', 1, '', 'Bad file descriptor'],
    [`sh -c 'echo lost >&2; echo $?' 2>&-`, 0, '1', ''],
    ['true <&- >&- 2>&-', 0, '', ''],
  ])('is one for the container, too: %s', async (line, status, stdout, stderr) => {
    const ended = await shell(`timeout 20 ./boxstep 1 run ${line}`);
    expect(ended).toMatchObject({ exitCode: status, stdout, stderr: expect.stringContaining(stderr) });
  });

  test.each(['plan true >&-', '--help >&-', 'demo >&-', 'run --explain sleep 1000 2>&-'])(
    'to which this program would write makes it fail: %s',
    async (line) => {
      expect((await shell(`timeout 20 ./boxstep 1 ${line}`)).exitCode).toBe(125);
    },
  );
});

describe('--init', () => {
  beforeEach(needs('init'));

  test('is PID 1, and the command its child, whose exit status it passes on', async () => {
    const { stdout, exitCode } = await run(
      '--init',
      'sh',
      '-c',
      'tr "\\0" " " </proc/1/cmdline; echo $$ $PPID; exit 3',
    );
    expect([stdout, exitCode]).toEqual([expect.stringMatching(/^docker-init -- sh -c .*2 1$/), 3]);
  });

  test('can’t be written to by way of /proc: it is the host’s file', async () => {
    const { stderr } = await run('--init', 'sh', '-c', 'touch -c -r /proc/1/exe /proc/1/exe'); // with the times that it has
    expect(stderr).toContain('Read-only file system');
  });

  test('reaps orphans, which a PID 1 that does not wait leaves as zombies', async () => {
    const script = 'pid=$(sh -c "true & echo \\$!"); while [ -e /proc/$pid ]; do sleep 0.02; done; echo reaped';
    expect((await run('--init', 'timeout', '20', 'sh', '-c', script)).stdout).toBe('reaped');
  });

  test.each([
    ['nosuchcommand', 127, /\nboxstep: exec: "nosuchcommand": executable file not found in \$PATH/],
    ['/no/such', 127, /\nboxstep: exec: "\/no\/such": stat \/no\/such: no such file or directory: ENOENT: /],
    [
      '/etc/passwd',
      126,
      /\nboxstep: exec: "\/etc\/passwd": permission denied: EACCES: .* is there, but is not executable/,
    ],
  ])('that can’t run the command said so in its own words alone: %s', async (command, status, message) => {
    const { stderr, exitCode } = await run('--init', command);
    expect([exitCode, stderr]).toEqual([status, expect.stringMatching(message)]);
  });

  test('that can’t run the command ended with its own status: catatonit’s is 1', async (context) => {
    needs('catatonit')(context);
    const path = 'D=$(mktemp -d) && ln -s $(command -v catatonit) $D/docker-init';
    const by = async (command: string) =>
      (await shell(`${path} && PATH=$D:$PATH ./boxstep 1 run --init ${command}; echo $?; rm -r $D`)).all;
    expect(await by('nosuchcommand')).toMatch(/^ERROR \(catatonit.*\nboxstep: .* not found in \$PATH.*\n127$/);
    expect(await by('/etc/passwd')).toMatch(/is there, but is not executable.*\n126$/);
    expect(await by("sh -c 'exit 1'")).toBe('1');
  });

  test('leaves a command that ends with 127 itself to speak for itself', async () => {
    expect(await run('--init', 'sh', '-c', 'exit 127')).toMatchObject({ exitCode: 127, stderr: '' });
  });

  test('passes on a signal that PID 1 itself would never get', async () => {
    const container = run('--init', 'sh', '-c', 'echo up; exec sleep 1000');
    await says(container);
    container.kill('SIGTERM');
    expect((await container).exitCode).toBe(143);
  });
});

describe('the exit status', () => {
  test.each([0, 1, 7, 125, 126, 127, 255])("is the command's own: %i", { tags: ['once'] }, async (status) => {
    expect((await sh(`exit ${status}`)).exitCode).toBe(status);
  });

  test('is 128 and the signal that killed the command', async () => {
    expect((await sh('sh -c "kill -9 \\$\\$"; exit $?')).exitCode).toBe(137);
  });

  test.each([
    [127, 'nosuchcommand', /^boxstep: exec: "nosuchcommand": executable file not found in \$PATH/],
    [127, '/no/such', /^boxstep: exec: "\/no\/such": stat \/no\/such: no such file or directory: ENOENT: /],
    [127, '', /^boxstep: exec: "": executable file not found in \$PATH/],
    [126, '/etc/passwd', /^boxstep: exec: "\/etc\/passwd": permission denied: EACCES: /],
    [126, '/etc', /^boxstep: exec: "\/etc": is a directory: permission denied: EACCES: /],
  ])('is %i for the command %j', async (status, command, message) => {
    const { exitCode, stderr, stdout } = await run(command);
    expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test.each([
    [['run', '--nosuchflag', 'sh'], /unknown option '--nosuchflag'\nboxstep: see: \S*\/boxstep 1 run --help/],
    [['nosuchsubcommand'], /unknown command 'nosuchsubcommand'/],
    [['run', '--name', '../x', 'true'], /Invalid container name \(..\/x\), only/],
    [['run', '--hostname', 'x'.repeat(65), 'true'], /invalid hostname/],
    [
      ['run', '--stop-timeout', 'soon', 'true'],
      /Expected --stop-timeout to be a number of seconds, or -1 for no end, got "soon"/,
    ],
    [['run', '--rm=maybe', 'true'], /Expected --rm to be true or false, got "maybe"/],
    [['run', '-p', '80:80', 'true'], /-p is docker's --publish, and comes in step 5/],
    [['plan', '--memory=64m', 'true'], /--memory is a flag of docker's, and comes in step 3/],
  ])('is 125 for what is wrong in %j, and nothing has been done', { tags: ['once'] }, async (args, message) => {
    const { exitCode, stderr, stdout } = await boxstep('1', ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toMatch(message);
    expect(leftovers('boxstep-e2e')).toEqual([]);
  });

  test('of pnpm -C is the same, as the README says', { tags: ['once'] }, async (context) => {
    needs('pnpm')(context);
    expect((await shell(`${pnpmLine()} -C steps/01-namespaces start run sh -c 'exit 7'`)).exitCode).toBe(7);
  });

  test('is 125 for a name that a running container has, whose cgroup stays as it is', async () => {
    const first = run('--name', 'boxstep-e2e-name', 'sh', '-c', 'echo up; sleep 1000');
    await says(first);
    const second = await run('--name', 'boxstep-e2e-name', 'true');
    expect(second.exitCode).toBe(125);
    expect(second.stderr).toContain('the container name "boxstep-e2e-name" is in use');
    first.kill('SIGTERM');
    first.kill('SIGTERM');
    await first;
  });
});

describe('flags', () => {
  test('after the command are the command’s', async () => {
    expect((await run('echo', '--name', 'x', '--help')).stdout).toBe('--name x --help');
    expect((await run('--', 'echo', '--', '-h')).stdout).toBe('-- -h');
  });

  test('of each step are listed under its heading by --help', { tags: ['once'] }, async () => {
    const { stdout, exitCode } = await boxstep('1', 'run', '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Step 01, namespaces and cgroups:\n +--name <name>/);
  });
});

describe('without root', { tags: ['once'] }, () => {
  const asNobody = (line: string) =>
    shell(
      `env -u BOXSTEP_ROOT setpriv --reuid 65534 --clear-groups --inh-caps +dac_read_search --ambient-caps +dac_read_search ${line}`,
    );

  test('run says in one line what to type instead, and does nothing', async () => {
    const { exitCode, stderr, stdout } = await asNobody("./boxstep 1 run sh -c 'echo hi'");
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toBe(
      "boxstep: step-01 makes namespaces and cgroups, which takes root. Type: sudo ./boxstep 1 run sh -c 'echo hi'",
    );
  });

  test('plan prints the container, each line with its step and what it does', async () => {
    const { exitCode, stdout, stderr } = await asNobody('./boxstep 1 plan --name web sh');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const call of [
      'mkdir -p ',
      'echo 512 > ',
      'mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL)',
      'chroot(',
      'execve(',
    ]) {
      expect(stdout).toContain(`  step-01  ${call}`);
    }
    const { stdout: json } = await asNobody('./boxstep 1 plan --json --name web sh');
    expect(JSON.parse(json).namespaces).toEqual(['pid', 'mnt', 'uts']);
  });
});

test('--explain prints each call with its result before the command’s own output', async () => {
  const { stdout, stderr } = await run('--explain', '--name', 'boxstep-e2e-x', 'echo', 'hello');
  expect(stdout).toBe('hello');
  expect(stderr).toMatch(/^host {5}mkdir -p \S+\/boxstep\S*\/boxstep-e2e-x/);
  expect(stderr).toMatch(/^host {5}clone\(CLONE_NEWNS\|CLONE_NEWUTS\|CLONE_NEWPID\) = \d+/m);
  expect(stderr).toMatch(
    /^process {2}mount\("proc", "\/proc", "proc", MS_NOSUID\|MS_NODEV\|MS_NOEXEC, NULL\) = 0 {3}# attach a proc filesystem at \/proc$/m,
  );
  const { stdout: both } = await shell('./boxstep 1 run --explain --name boxstep-e2e-x echo hello 2>&1'); // one pipe has one order
  expect(both.indexOf('execve(')).toBeLessThan(both.indexOf('\nhello'));
  expect(both.indexOf('rmdir')).toBeGreaterThan(both.indexOf('\nhello'));
});

test('--explain of a container that fails shows the calls up to the one that failed', async () => {
  const { stderr, exitCode } = await run('--explain', '--name', 'boxstep-e2e-y', 'nosuchcommand');
  expect(exitCode).toBe(127);
  expect(stderr).toMatch(/executable file not found in \$PATH/);
});

test('--explain of a container that fails half way says why, and leaves nothing', async () => {
  const spoilt = `BOXSTEP_CACHE=$(mktemp -d) && export BOXSTEP_CACHE && ./boxstep 1 run true && rmdir $BOXSTEP_CACHE/*/proc &&
    ./boxstep 1 run --explain --name boxstep-e2e-z true; echo status $?; rm -r $BOXSTEP_CACHE`;
  const { all } = await shell(spoilt);
  expect(all).toMatch(/^boxstep: mount\("proc", "\/proc", .*\): ENOENT: /m);
  expect(all).toMatch(/^status 125$/m);
  expect(leftovers('boxstep-e2e')).toEqual([]);
});

test.each([
  ["2>/dev/full ./boxstep 1 run sh -c 'exit 7'", 7],
  ['2>/dev/full ./boxstep 1 run nosuch', 127],
  ['2>/dev/full ./boxstep 1 run --bogus', 125],
  ['cd $(mktemp -d) && rmdir "$PWD" && "$OLDPWD"/boxstep 1 run true', 0],
  ["./boxstep 1 run sh -c 'exit $(($# / 1000))' sh $(seq 1 100000)", 100],
  ['./boxstep 1 run sh -c "exit 3" <&- >&- 2>&-', 3],
  ["(ulimit -n 64; ./boxstep 1 run sh -c 'exit 4')", 4],
])('%s ends with status %i', async (line, status) => {
  expect((await shell(line)).exitCode).toBe(status);
});

test('the demo shows a container that is PID 1 under its own hostname', async () => {
  const { stdout, exitCode } = await shell('./boxstep 1 demo < /dev/null');
  expect(stdout).toContain('I am PID 1 on boxstep');
  expect(exitCode).toBe(0);
});

test(`the repository is at ${REPOSITORY}, and any directory will do to start from`, async () => {
  expect((await shell(`cd / && ${REPOSITORY}/boxstep 1 run pwd`)).stdout).toBe('/');
});

test.each([
  ['what --explain tells', './boxstep 1 run --explain sleep 1000 2>&1'],
  ['a plan', './boxstep 1 plan'],
  ['the help', './boxstep 1 run --help'],
])('of %s that nobody reads to the end, the end comes at once, with the status of SIGPIPE', async (_, line) => {
  const written = `{ read <$D/closed; timeout 20 ${line}; echo $? >$D/status; }`;
  const { stdout } = await shell(
    `D=$(mktemp -d) && mkfifo $D/closed; ${written} | { exec <&-; echo >$D/closed; }; cat $D/status; rm -r $D`,
  );
  expect(stdout).toBe('141');
});
