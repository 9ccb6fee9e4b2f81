import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type State, state } from '../../steps/01-namespaces/src/engine/state.ts';
import { type Check, impossible, ok, type Result } from './check.ts';
import { isRoot } from './system.ts';

export const stateChecks: Check[] = [{ name: 'state', run: () => places(state(), process.env.BOXSTEP_ROOT) }];

/** Where the journals and the caches are, and whether they can be written. */
export function places({ journals, cache, name }: State, root: string | undefined): Result {
  const whose = root ? `of the root ${root}` : `${isRoot ? "this machine's" : "this user's"} own`;
  const obstacle = [journals, cache].map(nearest).find((path) => !isWritable(path));
  if (obstacle === undefined) return ok(`${journals}, ${cache}, cgroup ${name}: ${whose}`);
  return impossible(
    `nothing can be written to ${obstacle}`,
    `${journals} and ${cache}, ${whose}, are where containers keep what they need on this machine`,
    'export BOXSTEP_ROOT=$(mktemp -d)',
  );
}

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
