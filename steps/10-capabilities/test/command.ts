import { boxstep } from '../../../test/boxstep.ts';

/** Runs step 10's command as a user types it. */
export function ten(...args: string[]) {
  return boxstep('10', ...args);
}

/** Runs a container that has no network but its own loopback. */
export function run(...args: string[]) {
  return ten('run', '--network', 'none', ...args);
}
