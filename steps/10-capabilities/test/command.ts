import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { asAUser, REPOSITORY } from '../../../test/boxstep.ts';

const FOLDER = join(REPOSITORY, 'steps/10-capabilities');

/** Step 10's command line, also while there is none that a user could type. */
export function tenth(...args: string[]): [file: string, ...args: string[]] {
  if (existsSync(join(FOLDER, 'src/main.ts'))) return [join(REPOSITORY, 'boxstep'), '10', ...args];
  return [process.execPath, '--import', 'tsx', join(FOLDER, 'test/main.ts'), ...args];
}

/** Runs step 10's command as a user types it. */
export function ten(...args: string[]) {
  const [file, ...rest] = tenth(...args);
  return execa(file, rest, asAUser());
}

/** Runs a container that has no network but its own loopback. */
export function run(...args: string[]) {
  return ten('run', '--network', 'none', ...args);
}

/** Ends at a SIGTERM, and says when it has begun. */
export const WAITS = ['sh', '-c', 'trap "exit 0" TERM; echo ready; while :; do sleep 600 & wait $!; done'];

/** Waits until a container's command has begun: WAITS; or, with `stderr`, until the runtime says something of it. */
export async function ready(container: ReturnType<typeof run>, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
  await Promise.race([
    once(container[stream] as NonNullable<typeof container.stdout>, 'data'),
    container.then(({ all }) => Promise.reject(new Error(`it ended before it was ready: ${all}`))),
  ]);
}
