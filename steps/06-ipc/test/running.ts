import { once } from 'node:events';
import { join } from 'node:path';
import { execa } from 'execa';
import { asAUser, boxstep, REPOSITORY } from '../../../test/boxstep.ts';

const NODE = join(REPOSITORY, 'node_modules/node/bin/node');

/** The command of this step, as `./boxstep 6` would run it. */
export function step06(args: readonly string[], input?: string) {
  const all = ['--import', 'tsx', '--', join(import.meta.dirname, 'main.ts'), ...args];
  return execa(NODE, all, { ...asAUser(), cwd: REPOSITORY, ...(input !== undefined && { stdin: 'pipe', input }) });
}

/** A container that runs until it is ended. */
export interface Waiting {
  readonly name: string;
  /** The process that runs it. */
  readonly runtime: number;
  /** Ends it, and waits until it is gone. */
  end(): Promise<void>;
}

/** Ends at a SIGTERM, and says when it has begun. */
export const WAITS = 'trap "exit 0" TERM; echo ready; while :; do sleep 600 & wait $!; done';

/** Starts a container of a step, and waits until its command runs. */
export async function waiting(step: number, name: string, args: readonly string[], command = WAITS): Promise<Waiting> {
  const words = ['run', '--name', name, ...args, 'sh', '-c', command];
  const child = step === 6 ? step06(words) : boxstep(String(step), ...words);
  child.stdout.setEncoding('utf8');
  await Promise.race([
    once(child.stdout, 'data'),
    child.then(({ all }) => Promise.reject(new Error(`it ended before it was ready: ${all}`))),
  ]);
  return {
    name,
    runtime: child.pid as number,
    async end() {
      child.kill('SIGTERM');
      await child;
    },
  };
}
