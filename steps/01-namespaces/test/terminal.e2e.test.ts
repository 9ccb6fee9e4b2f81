import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inRoot, leftovers, REPOSITORY } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';

beforeEach(needs('root', 'tmux'));

const SOCKET = inRoot('boxstep-terminal');
const tmux = (...args: string[]) =>
  execFileSync('tmux', ['-S', SOCKET, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const screen = () => tmux('capture-pane', '-p').replace(/\s+$/, '');
const type = (...keys: string[]) => tmux('send-keys', ...keys);
const shows = (text: string | RegExp) => expect.poll(screen, { timeout: 15_000, interval: 50 }).toMatch(text);

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
  return expect.poll(() => leftovers(SOCKET), { timeout: 10_000 }).toEqual([]);
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
  await shows(/sleep 1000/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  type('C-c');
  type('echo still here', 'Enter');
  await shows(/^still here$/m);
  type('exit', 'Enter');
  await shows(/host\$$/);
});

test('a PID 1 that does not handle SIGINT is told of at the first Ctrl-C and killed at the second', async () => {
  type('./boxstep 1 run sleep 1000; echo status $?', 'Enter');
  await new Promise((resolve) => setTimeout(resolve, 1500));
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
