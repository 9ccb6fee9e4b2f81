import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuOf } from './cpu.ts';
import type { Contender } from './interleave.ts';

/** A whole command, from its start to its end, as someone types it. */
export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The packages that have it, if it isn't installed. */
  readonly packages?: string;
  /** Does it leave a process behind, which would keep its output open? Then nobody reads that. */
  readonly leaves?: boolean;
}

export function commandContender(command: Command): Contender {
  return {
    name: command.name,
    cpu: () => cpuOf('self').children,
    async measure(times) {
      const taken: number[] = [];
      for (let i = 0; i < times; i++) taken.push((await runCommand(command)).time);
      return taken;
    },
  };
}

/**
 * Runs a command. In a session of its own: Ctrl-C on the terminal is for the bench, which then lets it end.
 *
 * @returns how long it took, in milliseconds, and what it wrote to standard output
 * @throws {Error} with the last line that it said, if it fails.
 */
export async function runCommand({
  argv,
  env,
  packages,
  leaves,
}: Command): Promise<{ time: number; output: string; begin: number }> {
  const [file = '', ...args] = argv;
  const begin = performance.now();
  const child = spawn(file, args, {
    stdio: leaves ? 'ignore' : ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  });
  let time = 0;
  child.once('exit', () => {
    time = performance.now() - begin;
  });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => (said.out += chunk));
  child.stderr?.on('data', (chunk) => (said.err += chunk));
  const [status, signal] = await once(child, 'close').catch((error) => {
    throw error.code === 'ENOENT' && packages ? new Error(`not installed: apt-get install ${packages}`) : error;
  });
  if (status === 0) return { time, output: said.out, begin };
  throw new Error(`${said.err.trim().split('\n').at(-1) || 'no message'} (${signal ?? `exit status ${status}`})`);
}
