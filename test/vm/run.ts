import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { quote } from 'zx';
import { GUESTS, type GuestName } from './guests.ts';
import { CACHE, type Say } from './packages.ts';

/** A command to be run in a guest, as root. */
export interface Command {
  readonly words: readonly string[];
  /** The guest sees all files of this machine; what it writes to them is gone when it ends. */
  readonly cwd: string;
  /** Its whole environment, but PATH and HOME if they aren't in it. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder of this machine that the command can write to, as /run/vm. */
  readonly out?: string | undefined;
  /** After as many milliseconds the guest is ended, whatever it does. */
  readonly timeout: number;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly say: Say;
}

/**
 * Boots a guest, runs a command in it, and ends it. Nothing is left behind, also if this process is killed: everything
 * happens in a mount and a PID namespace that end with it.
 *
 * @returns the command's exit status
 * @throws {Error} if the guest can't be fetched, doesn't boot, or isn't done in time; with the end of its console
 */
export async function runInGuest(name: GuestName, command: Command): Promise<number> {
  const { folder, kernel, modules, busybox } = await GUESTS[name].prepare(command.say);
  const run = join(CACHE, 'run'); // where host.sh mounts a tmpfs that nobody else sees
  for (const directory of [run, ...(command.out ? [command.out] : [])]) mkdirSync(directory, { recursive: true });
  const settings = {
    KIND: name,
    FOLDER: folder,
    KERNEL: kernel,
    MODULES: modules,
    BUSYBOX: busybox,
    MEMORY: GUESTS[name].memory,
    RUN: run,
    OUT: command.out ?? '',
    CACHE: join(CACHE, '..'),
    DIRECTORY: command.cwd,
    SCRIPT: script(command),
    HERE: import.meta.dirname,
    PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  };
  const started = performance.now();
  // The parent's death is unshare's, and unshare's is everyone's.
  const words = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('setpriv', [...words, '--propagation', 'private', 'sh', join(import.meta.dirname, 'host.sh')], {
    env: settings,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true, // Ctrl-C ends us, and the guest with us, but not the guest first
  });
  const [, stdout, stderr, console, status] = child.stdio;
  stdout?.pipe(command.stdout, { end: false });
  stderr?.pipe(command.stderr, { end: false });
  const [said, exit] = [tail(console as Readable), tail(status as Readable)];
  const late = setTimeout(() => child.kill('SIGKILL'), command.timeout);
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  clearTimeout(late);
  const code = /^exit (\d+)$/m.exec(exit())?.[1];
  if (code !== undefined) return Number(code);
  const seconds = Math.round((performance.now() - started) / 1000);
  const what = seconds * 1000 >= command.timeout ? 'was not done' : 'ended without an answer';
  throw new Error(`${GUESTS[name].title} ${what} after ${seconds} s. The end of its console:\n${said()}`);
}

/** What the guest's shell is to run. */
function script({ words, cwd, env }: Command): string {
  const variables = Object.entries(env).map(([key, value]) => `export ${key}=${quote(value)}`);
  return [...variables, `cd ${quote(cwd)} || exit 125`, `exec ${words.map(quote).join(' ')}`, ''].join('\n');
}

/** Keeps the last of what a stream says. */
function tail(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-4000);
  });
  return () => text;
}
