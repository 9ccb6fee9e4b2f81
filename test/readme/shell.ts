import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { slowness } from '../slowness.ts';

/** What came of a command: everything it wrote, as a terminal would show it. */
export interface Answer {
  readonly output: string;
  /** The shell has ended, with this command or before it. */
  readonly ended: boolean;
}

/** A shell that is typed into: what one command sets, the next one sees. */
export interface Shell {
  type(command: string): Promise<Answer>;
  /** Hangs up: the shell and whatever it started are told to end, and after two seconds are made to. */
  hangUp(): Promise<void>;
}

/**
 * Reads commands, each ended by a NUL, and says after each that it is done. `$?` is the user's: `kept` sets it before
 * every command. The shell's own descriptors are closed while a command runs. Who waits a second for a container waits
 * for two on a slow machine.
 */
const DRIVER = `
  ${slowness() > 1 ? 'sleep() { command sleep "$@" "$@"; }' : ''}
  exec 3<&0 </dev/null 2>&1
  boxstep_kept() { return $boxstep_status; }
  while IFS= read -r -d '' -u 3 boxstep_command; do
    boxstep_kept
    eval "$boxstep_command" 3<&-
    boxstep_status=$?
    printf '\\0%s\\0' "$0"
  done`;

/**
 * Starts a bash without a terminal.
 *
 * @param become - a command that starts the one after it as someone else; empty to stay who we are
 */
export function openShell(become: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Shell {
  const name = `bash-${randomUUID()}`;
  const [file = '', ...args] = [...become, 'bash', '--noprofile', '--norc', '-c', DRIVER, name];
  const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const hear = listen(child, `\0${name}\0`);
  let gone: Promise<void> | undefined;
  return {
    async type(command) {
      child.stdin?.write(`${command}\0`);
      const { output, ended } = await hear();
      return { output: asOnATerminal(output, name), ended };
    },
    hangUp() {
      gone ??= hangUp(child);
      return gone;
    },
  };
}

/** Gives what a child writes up to a mark, or up to its end. */
function listen(child: ChildProcess, mark: string): () => Promise<Answer> {
  let heard = Buffer.alloc(0);
  let ended = false;
  let wake = () => {};
  child.stdout?.on('data', (more: Buffer) => {
    heard = Buffer.concat([heard, more]);
    wake();
  });
  child.stdin?.on('error', () => {}); // it ended before it read; that is told by `ended`
  child.on('error', (error) => {
    heard = Buffer.from(error.message);
  });
  const end = () => {
    ended = true;
    wake();
  };
  child.on('exit', () => setTimeout(end, 50)); // 'close' may never come: what it started may hold the pipe
  child.on('close', end);
  const take = (length: number, skip: number) => {
    const output = heard.subarray(0, length).toString();
    heard = heard.subarray(length + skip);
    return output;
  };
  return async () => {
    for (;;) {
      const at = heard.indexOf(mark);
      if (at !== -1) return { output: take(at, mark.length), ended: false };
      if (ended) return { output: take(heard.length, 0), ended };
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** Bash writes its messages otherwise when no one types: with the line of the script, and who was killed. */
function asOnATerminal(output: string, name: string): string {
  return output
    .replaceAll(new RegExp(`^${name}: line \\d+: +\\d+ ([A-Z][^\\n]*?)  +[^\\n]*$`, 'gm'), '$1')
    .replaceAll(new RegExp(`^${name}: (?:eval: )?line \\d+: `, 'gm'), 'bash: ')
    .replaceAll(name, 'bash');
}

async function hangUp(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin?.end();
  signal(child.pid, 'SIGHUP');
  for (let tries = 0; tries < 100 && signal(child.pid, 0); tries++) await sleep(20);
  signal(child.pid, 'SIGKILL');
  child.stdout?.destroy();
}

/** Signals a shell's whole process group. False if no one is left in it. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name);
  } catch {
    return false;
  }
}
