import { defaultRootfsPath } from 'step-01';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { isInForeground, processesWith } from '../../../test/processes.ts';
import { openTmux } from '../../04-environment/test/tmux.ts';
import { type Waiting, waiting } from './running.ts';

beforeEach(needs('root', 'tmux'));

let web: Waiting | undefined;
let terminal: ReturnType<typeof openTmux> | undefined;
let settings: string;

/** Types a command that runs in the container. */
async function opened(command: string): Promise<ReturnType<typeof openTmux>> {
  web = await waiting(4, 'web', [defaultRootfsPath()]);
  terminal = openTmux('boxstep-exec');
  await terminal.shows(/^host\$$/m);
  settings = terminal.settings();
  terminal.type(`./boxstep 6 ${command}; echo status $?`);
  return terminal;
}
afterEach(async () => {
  terminal?.close();
  await web?.end();
});

test('exec -it is a shell on a terminal of the container, with job control, and leaves the caller’s as it was', {
  tags: ['once'],
}, async () => {
  const { type, keys, shows, settings: now } = await opened("exec -it web env 'PS1=in$ ' sh");
  await shows(/^in\$$/m);
  type('tty; ls -l /dev/pts; cat /proc/1/comm');
  await shows(/^\/dev\/pts\/\d\n[\s\S]*^crw--w---- .* \d$[\s\S]*^sh$/m);
  type('sleep 1001');
  await expect.poll(() => processesWith('sleep 1001').length).toBe(1);
  const [sleeper] = processesWith('sleep 1001');
  keys('C-z');
  await shows(/Stopped/);
  type('fg');
  await expect.poll(() => isInForeground(sleeper?.pid ?? 0)).toBe(true);
  keys('C-c');
  type('exit $?');
  await shows(/status 130/);
  await expect.poll(now).toBe(settings);
});

test('the size of exec’s terminal is that of the window, also when that changes', { tags: ['once'] }, async () => {
  const { type, shows, resize } = await opened("exec -it web env 'PS1=in$ ' sh");
  await shows(/^in\$$/m);
  type('stty size; echo ready');
  await shows(/^30 100\nready$/m);
  resize(91, 33);
  type('until [ "$(stty size)" = "33 91" ]; do sleep 0.1; done; echo now');
  await shows(/^now$/m);
  type('exit');
  await shows(/status 0/);
});

test('Ctrl-C reaches what exec runs, and not the container’s own command', { tags: ['once'] }, async () => {
  const { keys, shows } = await opened(
    'exec -it web sh -c \'trap "exit 7" INT; echo up; while :; do sleep 0.1; done\'',
  );
  await shows(/^up$/m);
  keys('C-c');
  await shows(/status 7/);
  expect(process.kill(web?.runtime as number, 0)).toBe(true);
});

test('Ctrl-D on the terminal is the end of what exec -i reads', { tags: ['once'] }, async () => {
  const { type, keys, shows } = await opened('exec -i web cat');
  type('typed');
  await shows(/^typed\ntyped$/m);
  keys('C-d');
  await shows(/status 0/); // the process that waits for cat had a copy of the pipe's end
});
