import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeArgv, ownEnvironment } from '../clean-up/command.ts';
import type { Healthcheck } from './healthcheck.ts';
import type { Check } from './state.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The most characters of a check's output that are kept. */
const LONGEST = 4096;

/** Asks a container whether it is well: runs the command in it. @param timeout - milliseconds */
export async function check(id: string, { Test = [] }: Healthcheck, timeout: number): Promise<Check> {
  const [kind, ...words] = Test;
  const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words;
  const [node = '', ...args] = nodeArgv(MAIN, 'exec', id, ...command);
  const start = Date.now();
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ownEnvironment() });
  let output = '';
  const add = (chunk: Buffer) => {
    output = (output + chunk).slice(0, LONGEST);
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL'); // and what it started in the container dies with it
  }, timeout);
  const exitCode = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', (code) => resolve(code ?? -1));
  });
  clearTimeout(timer);
  const ended = { start, end: Date.now() };
  if (!isLate) return { ...ended, exitCode, output };
  return {
    ...ended,
    exitCode: -1,
    output: `Health check exceeded timeout (${timeout / 1000}s)${output && `: ${output}`}`,
  };
}
