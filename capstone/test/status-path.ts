import { join } from 'node:path';
import { state } from 'step-10';

/** Where the shim of a container without a record writes down how it ended. */
export function statusPath(name: string): string {
  return join(state().journals, '.statuses', name);
}
