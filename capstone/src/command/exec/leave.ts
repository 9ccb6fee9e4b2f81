import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { F_SETFL, fcntl, O_NONBLOCK, O_RDWR, perform } from 'shared-native';
import { type Attachment, followSize, makeRaw, processStat, readable, readNow, say, writeAll } from 'step-10';
import { copyInput } from '../../attach/input.ts';

/** The exit status of somebody who leaves, as docker's. */
const LEFT = 1;

/**
 * Connects the caller's terminal with a command's, until that ends or the keys are typed.
 *
 * @param keys - the bytes by which the caller leaves
 */
export function attachLeavable(keys: readonly number[]) {
  return (master: number, _typed: boolean, gone: (error: Error) => void, pid: number): Attachment => {
    perform(fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK));
    const unfollow = followSize(master);
    const restore = makeRaw(0);
    const leaving = new AbortController();
    const over = new AbortController();
    const shown = show(master, leaving.signal);
    const letGo = () => {
      over.abort();
      unfollow();
      restore();
    };
    const end = async (error?: Error) => {
      letGo();
      await typed.catch(() => {});
      closeSync(master);
      if (error) gone(error);
    };
    const typed = copyInput(master, keys, over.signal);
    const left = new Promise<number>((resolve) => {
      typed
        .then(async (how) => {
          if (how !== 'detached') return;
          leaving.abort();
          await shown.catch(() => {});
          letGo();
          await isProgram(pid);
          await takeOver(master);
          say('read escape sequence');
          resolve(LEFT);
        })
        .catch(() => {}); // it has let go of its terminal, or ours has hung up: signals say so
    });
    const whole = shown.then(
      () => (leaving.signal.aborted ? undefined : end()),
      (error: Error) => end(error),
    );
    return { end: async () => void (await whole), left };
  };
}

/** Shows what a terminal's other end has to show, until that is closed by the last that has it, or the caller leaves. */
async function show(master: number, leaving: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(65_536);
  while (!leaving.aborted) {
    const length = readNow(master, buffer);
    if (length === 'closed') return;
    if (length === 'nothing yet') await readable(master, leaving);
    else await writeAll(1, buffer.subarray(0, length), leaving);
  }
}

/** Waits until a process has a memory of its own: before that, it ends with this one. */
async function isProgram(pid: number): Promise<void> {
  while (processStat(pid)?.layout === processStat(process.pid)?.layout) await sleep(10);
}

/**
 * Starts what keeps the terminal open, and reads what nobody sees any more: else the command would get a SIGHUP, or wait for room
 * for ever. It ends when the last process has closed the terminal.
 */
async function takeOver(master: number): Promise<void> {
  perform(fcntl(master, F_SETFL, O_RDWR)); // for both: cat would take "nothing yet" for an error
  const reader = spawn('cat', [], { stdio: [master, 'ignore', 'ignore'], detached: true, cwd: '/' });
  await once(reader, 'spawn').catch((error: Error) => say(`nobody keeps its terminal open: cat: ${error.message}`));
  reader.unref();
  closeSync(master);
}
