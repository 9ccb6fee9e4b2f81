import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inRoot, leftovers, REPOSITORY } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { processesWith } from '../../../test/processes.ts';

beforeEach(needs('root', 'tmux'));

const SOCKET = inRoot('boxstep-terminal');
const tmux = (...args: string[]) =>
  execFileSync('tmux', ['-S', SOCKET, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const screen = () => tmux('capture-pane', '-p').replace(/\s+$/, '');
const type = (...keys: string[]) => tmux('send-keys', ...keys);
const shows = (text: string | RegExp) => expect.poll(screen, { timeout: 15_000, interval: 50 }).toMatch(text);

/** Waits until a command runs: what is typed is on the screen before. */
const runs = (command: string) =>
  expect.poll(() => processesWith(command).map(({ line }) => line), { timeout: 15_000 }).toContain(command);

beforeEach(() => {
  tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '200',
    '-y',
    '40',
    '-c',
    REPOSITORY,
    'env',
    'PS1=host$ ',
    'bash',
    '--norc',
    '--noprofile',
  );
  return shows(/^host\$$/m);
});
afterEach(() => {
  tmux('kill-server');
  return expect.poll(() => leftovers(SOCKET)).toEqual([]);
});

test('start with nothing more is a shell in a container, and its exit gives the terminal back', async () => {
  type('./boxstep 1', 'Enter');
  await shows(/# $|# *$/m);
  type('echo "pid $$ in $(hostname)"', 'Enter');
  await shows(/pid 1 in box-[0-9a-f]{8}/);
  type('exit 3', 'Enter');
  await shows(/host\$$/);
  type('echo status $?', 'Enter');
  await shows(/status 3/);
});

test('Ctrl-C reaches the command once, and not the shell around it', async () => {
  type(`./boxstep 1 run sh -c 'trap "echo got it" INT; echo up; sleep 2; sleep 1; echo done'; echo status $?`, 'Enter');
  await shows(/^up$/m);
  type('C-c');
  await shows(/status 0/);
  expect(screen().match(/^(\^C)?got it$/gm)).toHaveLength(1);
});

test('Ctrl-C ends what a shell in the container waits for, and the shell goes on', async () => {
  type('./boxstep 1', 'Enter');
  await shows(/# *$/);
  type('sleep 1000', 'Enter');
  await runs('sleep 1000');
  type('C-c');
  await shows(/\^C\n\/ # *$/);
  type('echo still here', 'Enter');
  await shows(/^still here$/m);
  type('exit', 'Enter');
  await shows(/host\$$/);
});

test('a PID 1 that does not handle SIGINT is told of at the first Ctrl-C and killed at the second', async () => {
  type('./boxstep 1 run sleep 1000; echo status $?', 'Enter');
  await runs('sleep 1000');
  type('C-c');
  await shows(/does not handle SIGINT, and the kernel drops it: once more kills/);
  type('C-c');
  await shows(/status 137/);
});

test('Ctrl-Z stops the container with the runtime, and fg lets both go on', async () => {
  type(`./boxstep 1 run sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo tick $i; sleep 0.3; done'; echo status $?`, 'Enter');
  await shows(/tick 2/);
  type('C-z');
  await shows(/Stopped/);
  const stopped = screen().match(/tick \d/g)?.length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(screen().match(/tick \d/g)?.length).toBe(stopped);
  type('fg', 'Enter');
  await shows(/tick 9/);
});

describe('in the background of its shell', () => {
  const output = inRoot('output');
  afterEach(() => rmSync(output, { force: true }));

  /** A shell says so before its next prompt. */
  const isStopped = () => {
    const askAgain = () => {
      type('', 'Enter');
      return screen();
    };
    return expect.poll(askAgain, { timeout: 15_000, interval: 200 }).toMatch(/Stopped/);
  };

  test('it reads nothing of what is typed: it is stopped, as `cat &` is, and fg lets it go on', async () => {
    type(`./boxstep 1 run cat > ${output} &`, 'Enter');
    await shows(/^\[1\] \d+$/m);
    await isStopped();
    type('echo typed', 'Enter');
    await shows(/^typed$/m);
    expect(readFileSync(output, 'utf8')).toBe('');
    type('fg', 'Enter');
    await shows(/^\.\/boxstep 1 run cat/m);
    type('for the cat', 'Enter');
    await expect.poll(() => readFileSync(output, 'utf8')).toBe('for the cat\n');
    type('C-d');
    await shows(/host\$$/);
  });

  test('one that wants no input runs on, to its end', async () => {
    type(`./boxstep 1 run sh -c 'sleep 0.5; echo done' > ${output} & wait; echo status $?`, 'Enter');
    await shows(/status 0/);
    expect(readFileSync(output, 'utf8')).toBe('done\n');
  });

  test('one that writes is stopped where `stty tostop` says so', async () => {
    type('stty tostop; ./boxstep 1 run echo written &', 'Enter');
    await isStopped();
    expect(screen()).not.toMatch(/^written/m);
    type('fg', 'Enter');
    await shows(/^written\nhost\$$/m);
  });
});

test('what is written to standard output and error keeps its order, to the last line', async () => {
  type(`clear; ./boxstep 1 run sh -c 'for i in 1 2 3 4 5; do echo $i; echo $i$i >&2; done; exit 9'; echo $?`, 'Enter');
  await shows(/^1\n11\n2\n22\n3\n33\n4\n44\n5\n55\n9\nhost\$$/m);
});
