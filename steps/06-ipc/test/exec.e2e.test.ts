import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { execa, execaSync } from 'execa';
import { AT_FDCWD, execvp, O_CLOEXEC, O_RDONLY, openat } from 'shared-native';
import { defaultRootfsPath, emptyPlan, extend, runningContainer, start } from 'step-01';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boxstep, inRoot, leftovers, says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { processesIn } from '../../../test/processes.ts';
import { keepWritten } from '../../../test/written.ts';
import { execCommand } from '../src/exec/command.ts';
import { execPlan } from '../src/exec/plan.ts';
import { step06, type Waiting, waiting } from './running.ts';

const ROOTFS = defaultRootfsPath();
const isRoot = process.geteuid?.() === 0;

const exec = (...args: string[]) => step06(['exec', ...args]);
const inWeb = (line: string, ...flags: string[]) => exec(...flags, 'web', 'sh', '-c', line);

describe('exec', () => {
  let web: Waiting;
  let one: Waiting;
  beforeAll(async () => {
    if (!isRoot) return;
    const flags = ['-e', 'COLOR=blue', '-w', '/tmp', '-m', '64m', '--ulimit', 'nofile=500:600', '--hostname', 'box'];
    [web, one] = await Promise.all([waiting(4, 'web', [...flags, ROOTFS]), waiting(1, 'one', [])]);
  });
  afterAll(async () => {
    await Promise.all([web?.end(), one?.end()]);
    if (isRoot) expect(leftovers('nothing-has-this-word')).toEqual([]);
  });

  test('exits with the command’s own status, or as docker does where there is no command', {
    tags: ['once'],
  }, async (context) => {
    needs('root')(context);
    const ends = [
      exec('web', 'sh', '-c', 'exit 5'),
      exec('web', 'nothing-like-this'),
      exec('web', '/etc/passwd'),
      exec('web', 'sh', '-c', 'kill -TERM $$'),
      exec('-w', '/missing', 'web', 'true'),
      exec('-w', '/etc/passwd', 'web', 'true'),
      exec('-u', 'nosuch', 'web', 'true'),
      exec('-d', 'web', '/etc/passwd'),
    ];
    const all = await Promise.all(ends);
    expect(all.map(({ exitCode }) => exitCode)).toEqual([5, 127, 126, 143, 127, 127, 1, 1]);
    expect(all[1]?.all).toContain('executable file not found in $PATH');
    const runc = 'OCI runtime exec failed: exec failed: unable to start container process: ';
    expect(all[1]?.stdout).toBe(`${runc}exec: "nothing-like-this": executable file not found in $PATH: unknown`);
    expect(all[4]?.stdout).toBe(
      `${runc}chdir to cwd ("/missing") set in config.json failed: no such file or directory: unknown`,
    );
    expect(all[4]?.stderr).toBe('boxstep: container web has no directory "/missing" to begin in: ENOENT');
    expect(all[7]?.stdout).toBe('');
    expect(all[6]?.all).toMatch(/^boxstep: unable to find user nosuch/);
  });

  test('is a process of the container: in its namespaces and cgroups, with its limits, and not its first', async (context) => {
    needs('root')(context);
    const line =
      'echo $$; hostname; ulimit -n; cat /proc/self/oom_score_adj; readlink /proc/1/ns/pid /proc/self/ns/pid';
    const { stdout } = await inWeb(line);
    const [pid, hostname, files, score, first, its] = stdout.split('\n');
    expect(Number(pid)).toBeGreaterThan(1);
    expect([hostname, files, score]).toEqual(['box', '500', readFileSync('/proc/self/oom_score_adj', 'utf8').trim()]);
    expect(its).toBe(first);
    const both = await inWeb('sleep 600 & cat /proc/1/cgroup | sort; echo; sort /proc/self/cgroup; kill $!');
    const [theirs, ours] = both.stdout.split('\n\n');
    expect(ours).toBe(theirs);
  });

  test('has the container’s environment, directory and user, and what the command line says besides', {
    tags: ['once'],
  }, async (context) => {
    needs('root')(context);
    const plain = await inWeb('echo $COLOR $HOSTNAME $HOME $PWD $(id -u)');
    expect(plain.stdout).toBe('blue box /root /tmp 0');
    const said = await inWeb(
      'echo $COLOR $SIZE $HOME $PWD $(id -u)',
      ...['-e', 'COLOR=red', '-e', 'SIZE=9', '-u', '65534', '-w', '/etc'],
    );
    expect(said.stdout).toMatch(/^red 9 \S+ \/etc 65534$/);
  });

  test('reads standard input to the last byte where that is asked for, and nothing where it is not', {
    tags: ['once'],
  }, async (context) => {
    needs('root')(context);
    const all = 'x'.repeat(300_000);
    const piped = await step06(['exec', '-i', 'web', 'cat'], all);
    expect(piped.stdout.length).toBe(all.length);
    expect((await step06(['exec', 'web', 'cat'], all)).stdout).toBe('');
  });

  test('is killed by the limits of the container, alone', async (context) => {
    needs('root')(context);
    const { exitCode } = await inWeb('tail /dev/zero');
    expect(exitCode).toBe(137);
    expect((await inWeb('echo still here')).stdout).toBe('still here');
  });

  test('passes signals on', { tags: ['once'] }, async (context) => {
    needs('root')(context);
    const child = inWeb('trap "kill \\$!; exit 9" USR1; echo ready; while :; do sleep 600 & wait $!; done');
    await says(child);
    child.kill('SIGUSR1');
    expect((await child).exitCode).toBe(9);
  });

  test('leads into a container of step 1, too, which is only chroot’ed', async (context) => {
    needs('root')(context);
    const { stdout } = await exec('one', 'sh', '-c', 'hostname; pwd; ls -d /proc/[0-9]* | head -n 1; echo $HOME');
    expect(stdout).toBe('one\n/\n/proc/1\n/root');
    const host = inRoot('only-on-the-host');
    writeFileSync(host, '');
    expect((await exec('one', 'ls', host)).exitCode).not.toBe(0);
  });

  test('goes on by itself with -d, without a process of ours', { tags: ['once'] }, async (context) => {
    needs('root')(context);
    const fifo = '/tmp/exec-d';
    await inWeb(`mkfifo ${fifo}`);
    const reader = inWeb(`cat ${fifo}; rm ${fifo}`);
    const detached = await inWeb(`grep PPid /proc/self/status > ${fifo}`, '-d');
    expect([detached.exitCode, detached.all]).toEqual([0, '']);
    expect((await reader).stdout).toMatch(/^PPid:\t0$/); // its parent is on the host
    expect((await exec('-d', 'web', 'nothing-like-this')).exitCode).toBe(1);
  });

  test('refuses in a sentence what can’t be', async (context) => {
    needs('root')(context);
    expect(await exec('nobody', 'true')).toMatchObject({ exitCode: 1, all: 'boxstep: No such container: nobody' });
    expect((await boxstep('4', 'pause', 'web')).all).toBe('web');
    const refused = await exec('web', 'true');
    expect(refused).toMatchObject({
      exitCode: 1,
      all: 'boxstep: Container web is paused, unpause the container before exec',
    });
    await boxstep('4', 'unpause', 'web');
    expect((await exec('web', 'true')).exitCode).toBe(0);
  });

  test('refuses one process more than --pids-limit allows', async (context) => {
    needs('root')(context);
    const two = 'trap "exit 0" TERM; sleep 600 & echo ready; wait';
    const full = await waiting(4, 'full', ['--pids-limit', '2', ROOTFS], two);
    expect(await exec('full', 'true')).toMatchObject({
      exitCode: 1,
      all: 'boxstep: Container full has 2 processes and threads, and may have no more than 2: end one, or allow more with "update --pids-limit"',
    });
    expect((await boxstep('4', 'update', '--pids-limit', '3', 'full')).exitCode).toBe(0);
    expect((await exec('full', 'true')).exitCode).toBe(0);
    await full.end();
  });

  test('refuses a container that is not yet its command, and still on the host', {
    tags: ['once'],
  }, async (context) => {
    needs('root')(context);
    const fifo = inRoot('goes-on');
    await execa('mkfifo', [fifo]);
    const waits = openat(AT_FDCWD, fifo, O_RDONLY | O_CLOEXEC);
    const calls = [waits, ...execvp(['sleep', '600'], [], '/bin:/usr/bin')];
    const plan = extend(emptyPlan('slow'), 'test', { namespaces: ['pid'], exec: calls });
    const slow = await start(plan, undefined, { about: { step: 'step-04', options: {} } });
    expect(await exec('slow', 'true')).toMatchObject({
      exitCode: 1,
      all: 'boxstep: Container slow is being started, and not yet its command: try again',
    });
    closeSync(openSync(fifo, 'w'));
    await expect.poll(() => readlinkSync(`/proc/${slow.pid}/exe`)).not.toBe(readlinkSync('/proc/self/exe'));
    expect((await exec('slow', 'true')).exitCode).toBe(0);
    slow.kill('SIGKILL');
    await slow.exited;
  });

  test('prints what it would do', { tags: ['once'] }, async (context) => {
    needs('root')(context);
    const { stdout } = await exec('--plan', 'one', 'true');
    const { pid } = runningContainer('one');
    expect(stdout).toContain(`pidfd_open(${pid}, 0)`);
    expect(stdout).toMatch(
      /join: .*\n(.*\n)*.*openat\(AT_FDCWD, "\/proc\/\d+\/root"(.*\n)*.*setns\((.*\n)*.*chroot\("\."\)/,
    );
    expect((await exec('--explain', 'web', 'true')).all).toMatch(
      /clone\(CLONE_VM\|CLONE_PARENT_SETTID\|SIGCHLD.*\) = \d+/,
    );
  });
});

describe('a container’s end', () => {
  test('kills what has joined it, and a stopped runtime of exec holds nothing up', async (context) => {
    needs('root')(context);
    const dying = await waiting(4, 'dying', [ROOTFS]);
    const [seen, stopped] = ['seen', 'stopped'].map((word) =>
      exec('dying', 'sh', '-c', `echo ready; sleep 600 # ${word}`),
    ) as [ReturnType<typeof exec>, ReturnType<typeof exec>];
    await Promise.all([says(seen), says(stopped)]);
    const runtime = stopped.pid as number;
    process.kill(runtime, 'SIGSTOP');
    await dying.end(); // would hang, were the zombie not reaped
    expect((await seen).exitCode).toBe(137);
    process.kill(runtime, 'SIGCONT');
    expect((await stopped).exitCode).toBe(137);
    expect(await exec('dying', 'true')).toMatchObject({ all: 'boxstep: No such container: dying' });
  });

  test('comes while exec is on its way: that ends as of a container that isn’t running', {
    tags: ['once'],
  }, async (context) => {
    needs('root')(context);
    const leaving = await waiting(4, 'leaving', [ROOTFS]);
    const late = execCommand((options) => {
      const { pid } = options.container;
      execaSync('sh', ['-c', `kill -KILL ${pid}; tail --pid=${pid} -f /dev/null`]);
      return execPlan(options);
    });
    const { result, stderr } = await keepWritten(async () => late.run({}, ['leaving', 'true']));
    expect([result, stderr]).toEqual([
      1,
      'boxstep: container leaving is not running any more: it ended before the command began\n',
    ]);
    await leaving.end();
  });

  test('comes from its runtime’s death, too; and that of exec’s ends what exec started, alone', {
    tags: ['once'],
  }, async (context) => {
    needs('root')(context);
    const web = await waiting(4, 'alone', [ROOTFS]);
    const child = exec('alone', 'sh', '-c', 'echo ready; sleep 600');
    await says(child);
    const { pid } = runningContainer('alone');
    const many = () => processesIn('pid', pid).length;
    expect(many()).toBeGreaterThan(2);
    child.kill('SIGKILL');
    await child;
    await expect.poll(many).toBe(2); // sh, and its sleep: the kernel takes a moment
    const joined = exec('alone', 'sh', '-c', 'echo ready; sleep 600');
    await says(joined);
    process.kill(web.runtime, 'SIGKILL');
    expect((await joined).exitCode).toBe(137);
    expect((await boxstep('4', 'prune')).exitCode).toBe(0);
    expect(leftovers('nothing-has-this-word')).toEqual([]);
  });
});
