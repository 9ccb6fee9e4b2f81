import { readFileSync, writeFileSync } from 'node:fs';
import { defaultRootfs, defaultRootfsPath } from 'step-03';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inRoot, shell } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { isInForeground, processesWith } from '../../../test/processes.ts';
import { openTmux } from './tmux.ts';

const SOCKET = 'boxstep-terminal-4';
const ROOTFS = defaultRootfsPath();

beforeEach(needs('root', 'tmux'));

beforeAll(async () => {
  if (process.geteuid?.() === 0) await defaultRootfs();
});

let terminal: ReturnType<typeof openTmux>;
let settings: string;
beforeEach(async () => {
  terminal = openTmux(SOCKET);
  await terminal.shows(/^host\$$/m);
  settings = terminal.settings();
});
afterEach(() => {
  terminal.close();
  return expect.poll(() => processesWith('04-environment/src/main.ts'), { timeout: 15_000 }).toEqual([]);
});

const isAsBefore = () => expect.poll(terminal.settings).toBe(settings);

/** A shell in a container, by the command line that is meant when there is none. */
async function inside() {
  terminal.type('./boxstep 4; echo status $?');
  await terminal.shows(/^box-[0-9a-f]{8}:\/# $|^box-[0-9a-f]{8}:\/#$/m);
}

async function leave() {
  terminal.type('exit 9');
  await terminal.shows(/status 9/);
}

describe('start with nothing more, on a terminal', () => {
  test('is a shell on a terminal of its own, that knows its name and its size, and has job control', async () => {
    await inside();
    expect(terminal.screen()).not.toContain("can't access tty");
    terminal.type('tty; stty size; ls -l /dev/console');
    await terminal.shows(/^\/dev\/pts\/0\n30 100\ncrw.* 136, *0 .*\/dev\/console$/m);
    terminal.type('exit 3');
    await terminal.shows(/status 3/);
    await isAsBefore();
  });

  test('Ctrl-C ends the command and not the shell; Ctrl-Z stops it, and fg goes on', async () => {
    await inside();
    terminal.type('sleep 1001');
    await terminal.shows(/sleep 1001/);
    await expect.poll(() => processesWith('sleep 1001').length).toBe(1);
    const [sleeper] = processesWith('sleep 1001');
    terminal.keys('C-z');
    await terminal.shows(/Stopped/);
    terminal.type('fg');
    await expect.poll(() => isInForeground(sleeper?.pid ?? 0)).toBe(true);
    terminal.keys('C-c');
    terminal.type('echo "it was $?"');
    await terminal.shows(/it was 130/);
    terminal.type('sleep 1002 & jobs; sleep 0.5; kill %1; wait; echo done');
    await terminal.shows(/^\[\d\].*Running( +sleep 1002)?[\s\S]*^done$/m);
    terminal.keys('C-d');
    await terminal.shows(/status \d/);
  });

  test('Ctrl-\\ reaches what runs in the container, and so does every other byte', async () => {
    await inside();
    terminal.type('sleep 1003');
    await expect.poll(() => processesWith('sleep 1003').length).toBe(1);
    terminal.keys('C-\\');
    await terminal.shows(/Quit/);
    terminal.type('stty raw -echo; echo r""eady; dd bs=1 count=5 2>/dev/null | od -An -tx1; stty sane');
    await terminal.shows('ready');
    terminal.keys('C-c', 'C-z', 'C-s', 'C-m', 'C-j');
    await terminal.shows(/03 1a 13 0d 0a/);
    await leave();
  });

  test('the size follows that of the window', async () => {
    await inside();
    terminal.type('trap "stty size" WINCH; echo ready');
    await terminal.shows(/^ready$/m);
    terminal.resize(91, 33);
    terminal.type('stty size');
    await terminal.shows(/^33 91$/m);
    await leave();
  });
});

describe('a full-screen program', { tags: ['once'] }, () => {
  // Moves the cursor, uses colours, and begins lines below with a bare \n, which only a raw terminal passes on as it is.
  const draw =
    'clear() { printf "\\033[2J\\033[H"; }; clear; stty -opost; printf "abc\\ndef\\033[5;10HX"; read key; stty opost; clear';

  test('sees a screen on which it can draw where it wants', async () => {
    await inside();
    terminal.type(draw);
    await terminal.shows(/^abc\n {3}def\n\n\n {9}X$/);
    terminal.keys('Enter');
    await leave();
  });

  test('such as top draws its screen, hears its keys, and gives the screen back', async () => {
    await inside();
    terminal.type('top');
    await terminal.shows(/^ *PID .*COMMAND/m);
    terminal.keys('q');
    terminal.type('clear() { printf "\\033[2J\\033[H"; }; clear; stty -a | grep -o " icanon"; echo still here');
    await terminal.shows(/^still here$/m);
    await leave();
  });
});

describe('whatever ends it, the terminal is as before', { tags: ['once'] }, () => {
  const kill = (signal: NodeJS.Signals) => {
    for (const { pid } of processesWith(`main.ts run --stop-timeout 1 -it --name ${SOCKET}`)) process.kill(pid, signal);
  };
  const begin = async (command: string) => {
    terminal.type(`./boxstep 4 run --stop-timeout 1 -it --name ${SOCKET} ${ROOTFS} ${command}; echo status $?`);
    await expect.poll(terminal.settings).toContain('-icanon');
  };

  test('SIGTERM to the runtime, which its shell ignores', async () => {
    await begin('sh');
    kill('SIGTERM');
    await terminal.shows(/status 137/);
    await isAsBefore();
  });

  test('SIGINT to the runtime, by which its command ends', async () => {
    await begin(`sh -c 'trap "exit 5" INT; echo up; while :; do sleep 0.1; done'`);
    await terminal.shows(/^up$/m);
    kill('SIGINT');
    await terminal.shows(/status 5/);
    await isAsBefore();
  });

  test('a stop, and it is raw again when it goes on', async () => {
    await begin('sh');
    kill('SIGTSTP');
    await terminal.shows(/Stopped/);
    await isAsBefore();
    terminal.type('fg; echo "in the end $?"');
    await expect.poll(terminal.settings).toContain('-icanon');
    terminal.type('exit 4');
    await terminal.shows(/in the end 4/);
    await isAsBefore();
  });

  test('an error of ours that nobody caught', async () => {
    const script = inRoot('uncaught.mjs');
    writeFileSync(script, 'process.on("SIGUSR2", () => { throw new Error("uncaught"); });');
    terminal.type(`export NODE_OPTIONS="--import ${script}"`);
    await begin('sh');
    kill('SIGUSR2');
    await terminal.shows(/uncaught/);
    await isAsBefore();
  });

  test('a terminal that hangs up ends the container, also one that does not heed it, and the runtime', async () => {
    const said = inRoot('stderr');
    await begin(`sh -c 'trap : HUP TERM; echo up; while :; do sleep 0.1; done' 2>${said}`);
    await terminal.shows(/^up$/m);
    terminal.close();
    await expect.poll(() => processesWith(SOCKET)).toEqual([]);
    terminal = openTmux(SOCKET); // for afterEach
    expect(readFileSync(said, 'utf8')).toBe('');
  });

  test('--explain, and then tells the undo: each line begins at the left', async () => {
    terminal.type(`clear; ./boxstep 4 run --explain -it ${ROOTFS} true; echo status $?`);
    await terminal.shows(/^host {5}rmdir \S+ \S+ {3}# undo\nstatus 0$/m);
    await isAsBefore();
  });

  test('a command that is not there', async () => {
    terminal.type(`./boxstep 4 run -it ${ROOTFS} nosuch; echo status $?`);
    await terminal.shows(/executable file not found in \$PATH[\s\S]*status 127/);
    await isAsBefore();
  });
});

describe('-t', () => {
  const run = (line: string) => shell(`./boxstep 4 run ${line}`);

  test('with -i and a pipe is an error, and nothing is run', async () => {
    const { exitCode, stderr, stdout } = await shell(`echo | ./boxstep 4 run -it ${ROOTFS} echo ran`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
    expect(stderr).toContain('the input device is not a TTY');
  });

  test('without -i needs no terminal: all that is written to it arrives, to the last line', async () => {
    const { stdout } = await run(`-t ${ROOTFS} seq 1 100000 | tail -n 1 | od -An -c`);
    expect(stdout.trim()).toMatch(/1 +0 +0 +0 +0 +0 +\\r +\\n/);
  });

  test.each([
    ['yes', 'y'],
    ["sh -c 'while :; do echo x; done'", 'x'], // which goes on writing when that fails
    [`sh -c 'trap "exit 3" HUP; while :; do echo x; done'`, 'x'],
  ])('of %s that nobody reads any more, the end comes at once, with the status of SIGPIPE', async (command, line) => {
    const { stdout, stderr } = await shell(
      `timeout 20 ./boxstep 4 run -t ${ROOTFS} ${command} | head -n 1; echo "\${PIPESTATUS[0]}"`,
    );
    expect({ stdout, stderr }).toEqual({ stdout: `${line}\r\n141`, stderr: '' });
  });

  test.each([
    ['a full disk', '> /dev/full', 'ENOSPC'],
    ['a closed descriptor', '>&-', 'EBADF'],
  ])('that can’t be written to %s ends, too, and says so', async (_, output, code) => {
    const { exitCode, stderr } = await run(`-t ${ROOTFS} yes ${output}`);
    expect(exitCode).toBe(125);
    expect(stderr).toContain(`the output can't be written: ${code}`);
  });

  test('belongs to the user that runs in it', async () => {
    const { stdout } = await run(`-t -u nobody ${ROOTFS} sh -c 'echo mine > /dev/tty; stat -c "%A %U" /dev/pts/0'`);
    expect(stdout).toMatch(/mine\r\ncrw--w---- nobody/);
  });
});
