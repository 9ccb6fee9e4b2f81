import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { F_GET_SEALS, fcntl, perform } from 'shared-native';
import { containerPath, defaultRootfsPath } from 'step-10';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTmux } from '../../steps/04-environment/test/tmux.ts';
import { asAUser, boxstep, REPOSITORY, says, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { processesWith } from '../../test/processes.ts';

beforeEach(needs('root'));

const ROOTFS = defaultRootfsPath();
const plain = ['--network', 'none'];

/** The id of a container that goes on by itself. */
async function started(...args: string[]): Promise<string> {
  const { stdout, stderr } = await boxstep('run', '-d', ...plain, ...args);
  expect(stderr).toBe('');
  return stdout;
}

describe('a container that joins another', () => {
  test('is started by a shim as well, and its status is its own', async () => {
    await started('--name', 'joined', ROOTFS, 'sleep', '1000');
    const { exitCode, stdout } = await boxstep(
      ...['run', '--rm', '--pid', 'container:joined', ...plain, ROOTFS, 'sh', '-c', 'ps -o args; exit 5'],
    );
    expect([exitCode, stdout]).toEqual([5, expect.stringMatching(/^COMMAND\nsleep 1000\n/)]);
    await boxstep('rm', '-f', 'joined');
  });
});

describe('standard input', () => {
  test('of a container in the foreground ends with the caller’s', async () => {
    const args = ['run', '-i', '--rm', ...plain, ROOTFS, 'sh', '-c', 'cat; echo at its end'];
    const { stdout } = await execa(`${REPOSITORY}/boxstep`, args, { ...asAUser(), stdin: 'pipe', input: 'typed\n' });
    expect(stdout).toBe('typed\nat its end');
  });

  // Node gives its children sockets.
  test('that was a socket, and had nothing to say, kept the command from showing what came, and from ending', async () => {
    const args = ['run', '-i', '--rm', ...plain, ROOTFS, 'sh', '-c', 'echo ready; read -r status; exit $status'];
    const command = execa(`${REPOSITORY}/boxstep`, args, { ...asAUser(), stdin: 'pipe' });
    expect(await says(command)).toBe('ready');
    command.stdin.write('4\n'); // and stays open
    expect((await command).exitCode).toBe(4);
  });

  test('of a detached one stays open, and takes what those write who attach', async () => {
    await started('-i', '--name', 'open', ROOTFS, 'sh', '-c', 'read one; read two; echo $one $two');
    const shown = await boxstep(
      'inspect',
      '-f',
      '{{.Config.AttachStdin}} {{.Config.AttachStdout}} {{.Config.StdinOnce}}',
      'open',
    );
    expect(shown.stdout).toBe('false false false');
    const attached = (input: string) =>
      execa(`${REPOSITORY}/boxstep`, ['attach', 'open'], { ...asAUser(), stdin: 'pipe', input });
    const first = attached('one\n');
    const second = await attached('two\n');
    expect([(await first).exitCode, second.exitCode]).toEqual([0, 0]);
    expect(['one two', 'two one']).toContain((await boxstep('logs', 'open')).stdout);
    await boxstep('rm', 'open');
  });
});

describe('standard input that is open once', () => {
  test('of a container that is started alone ends with that of whoever attaches', async () => {
    await boxstep('create', '-i', '--name', 'once', ...plain, ROOTFS, 'sh', '-c', 'cat; exit 4');
    await boxstep('start', 'once');
    const { exitCode, stdout } = await execa(`${REPOSITORY}/boxstep`, ['attach', 'once'], {
      ...asAUser(),
      stdin: 'pipe',
      input: 'typed\n',
      reject: false,
    });
    expect([exitCode, stdout]).toEqual([4, 'typed']);
    await boxstep('rm', '-f', 'once');
  });
});

describe('a log', () => {
  test('is kept by stream, with times, and shown from its end', async () => {
    const { stdout, stderr } = await boxstep(
      'run',
      '--name',
      'logged',
      ...plain,
      ROOTFS,
      'sh',
      '-c',
      'seq 3; echo e >&2',
    );
    expect([stdout, stderr]).toEqual(['1\n2\n3', 'e']);
    const logs = async (...flags: string[]) => (await boxstep('logs', ...flags, 'logged')).stdout;
    expect(await logs()).toBe('1\n2\n3');
    expect(await logs('--tail', '3')).toBe('2\n3');
    expect(await logs('-t', '-n', '2')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z 3$/);
    expect(await logs('--since', '1h', '--until', '1h')).toBe('');
    await boxstep('rm', 'logged');
  });

  test('goes on in new files when one is full, and the oldest goes', async () => {
    const id = await started(
      '--name',
      'turned',
      '--log-opt',
      'max-size=20k',
      '--log-opt',
      'max-file=3',
      ROOTFS,
      'seq',
      '100000', // more than what its pipe has left at the end, which goes to one file
    );
    await boxstep('wait', 'turned');
    expect(
      readdirSync(containerPath(id))
        .filter((name) => /^log/.test(name))
        .sort(),
    ).toEqual(['log', 'log.1', 'log.2']);
    const lines = (await boxstep('logs', 'turned')).stdout.split('\n');
    expect(lines.at(-1)).toBe('100000');
    expect(lines.length).toBeLessThan(100_000);
    await boxstep('rm', 'turned');
  });

  test('that is followed slowly doesn’t stop the container, and nothing of it is lost', async () => {
    const id = await started('--name', 'fast', '-i', ROOTFS, 'sh', '-c', 'read go; seq 300000');
    const slow = execa(`${REPOSITORY}/boxstep`, ['logs', '-f', 'fast'], { ...asAUser(), buffer: false });
    slow.stdout?.pause(); // it reads no more than a pipe has room for
    await execa(`${REPOSITORY}/boxstep`, ['attach', 'fast'], { ...asAUser(), stdin: 'pipe', input: 'go\n' });
    expect((await boxstep('wait', id)).stdout).toBe('0'); // though nobody has read it
    let lines = 0;
    slow.stdout?.on('data', (bytes: Buffer) => {
      lines += bytes.filter((byte) => byte === 10).length;
    });
    slow.stdout?.resume();
    await slow;
    expect(lines).toBe(300_000);
    await boxstep('rm', 'fast');
  });
});

describe('a shim', () => {
  test('is called so in ps, has at most 24 kB with a log, and none of its container’s limits', async () => {
    const id = await started('--name', 'small', '--memory', '8m', '--pids-limit', '5', ROOTFS, 'sleep', '1000');
    const { run } = JSON.parse(readFileSync(`${containerPath(id)}/config.json`, 'utf8'));
    const { pid } = run.shim;
    const of = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
    expect(of('cmdline')).toBe('boxstep-shim\0small\0');
    expect(Number(/^VmRSS:\s+(\d+) kB$/m.exec(of('status'))?.[1])).toBeLessThanOrEqual(24);
    expect(of('cgroup')).toBe(readFileSync('/proc/self/cgroup', 'utf8'));
    const lowered = await shell('echo -999 > /proc/self/oom_score_adj; cat /proc/self/oom_score_adj'); // if that is allowed
    expect(of('oom_score_adj')).toBe(`${lowered.stdout}\n`);
    expect(readFileSync(`/proc/${run.process.pid}/oom_score_adj`, 'utf8')).toBe(
      readFileSync('/proc/self/oom_score_adj', 'utf8'),
    );
    const program = openSync(`/proc/${pid}/exe`, 'r');
    const [SHRINK, GROW, FUTURE_WRITE] = [2, 4, 16];
    expect(perform(fcntl(program, F_GET_SEALS)) & (SHRINK | GROW | FUTURE_WRITE)).toBe(SHRINK | GROW | FUTURE_WRITE);
    closeSync(program);
    await boxstep('rm', '-f', 'small');
  });

  test.for([
    ['as its command', ['/proc/self/exe']],
    ['as its script’s interpreter', ['/script']],
  ] as const)('is no program that its container can execute: %s', async ([, command]) => {
    const folder = mkdtempSync(join(tmpdir(), 'boxstep-script-'));
    writeFileSync(join(folder, 'script'), '#!/proc/self/exe\n', { mode: 0o755 });
    const mount = ['-v', `${folder}/script:/script:ro`];
    const { exitCode, stderr } = await boxstep('run', '--rm', ...plain, ...mount, ROOTFS, ...command);
    rmSync(folder, { recursive: true });
    expect([exitCode, stderr]).toEqual([126, expect.stringContaining('EACCES')]);
  });
});

describe('on a terminal', () => {
  beforeEach(needs('tmux'));
  let terminal: ReturnType<typeof openTmux>;
  beforeEach(async () => {
    terminal = openTmux('boxstep-terminal-capstone');
    await terminal.shows(/^host\$$/m);
  });
  afterEach(() => terminal.close());

  test('a container has a terminal, is left by Ctrl-P Ctrl-Q, attached to again, and the terminal is as it was', async () => {
    const before = terminal.settings();
    terminal.type(`./boxstep run -it --name term --network none ${ROOTFS} sh; echo status $?`);
    await terminal.shows(/^\/ # ?$/m);
    terminal.type('stty size; tty');
    await terminal.shows(/^30 100\n\/dev\/pts\/0$/m);
    terminal.keys('C-p');
    terminal.keys('C-q');
    await terminal.shows(/status 0/);
    expect(terminal.settings()).toBe(before);
    terminal.type('./boxstep attach term; echo status $?');
    terminal.type('echo again');
    await terminal.shows(/^again$/m);
    terminal.keys('C-p');
    terminal.keys('C-q');
    await terminal.shows(/boxstep: read escape sequence\s+status 1/); // as docker's attach, unlike its run
    terminal.type('./boxstep attach term; echo status $?');
    terminal.type('echo third');
    await terminal.shows(/^third$/m);
    for (const { pid } of processesWith('attach term')) process.kill(pid, 'SIGTERM'); // with a terminal, it isn't passed on
    await terminal.shows(/status 143/);
    expect(terminal.settings()).toBe(before);
    terminal.type('./boxstep attach term; echo status $?');
    terminal.type('exit 3');
    await terminal.shows(/status 3/);
    await expect.poll(terminal.settings).toBe(before);
    expect((await boxstep('logs', 'term')).stdout).toContain('again');
    await boxstep('rm', 'term');
  });

  test('a command that exec began is left by the keys that were named, goes on, and nobody has to read what it writes', async () => {
    await started('--name', 'left', ROOTFS, 'sleep', '1000');
    const bad = await boxstep('exec', '--detach-keys', 'ctrl-ä', 'left', 'true');
    expect([bad.exitCode, bad.all]).toEqual([1, 'boxstep: Invalid escape keys (ctrl-ä) provided']);
    const before = terminal.settings();
    terminal.type(`./boxstep exec -it --detach-keys=ctrl-x,q left env 'PS1=in$ ' sh; echo status $?`);
    await terminal.shows(/^in\$ ?$/m);
    terminal.type('stty size');
    await terminal.shows(/^30 100$/m);
    terminal.resize(90, 25);
    terminal.type('until test "$(stty size)" = "25 90"; do sleep 0.1; done; echo followed'); // what was typed can come before a signal
    await terminal.shows(/^followed$/m);
    terminal.type('while :; do seq 9; test -e /end && echo done >/after && exit; done'); // more than a terminal has room for
    await terminal.shows(/^9$/m);
    terminal.keys('C-x');
    terminal.keys('q');
    await terminal.shows(/boxstep: read escape sequence\s+status 1/);
    expect(terminal.settings()).toBe(before);
    const { stdout } = await boxstep(
      'exec',
      'left',
      'sh',
      '-c',
      'touch /end; until test -e /after; do sleep 0.1; done; cat /after',
    );
    expect(stdout).toBe('done');
    await boxstep('rm', '-f', 'left');
  });
});
