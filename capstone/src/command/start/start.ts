import { find } from '../../containers/find.ts';
import { start } from '../../start.ts';
import { forEachNamed } from '../for-each.ts';
import { runAttached } from '../run/run.ts';

interface Flags {
  readonly attach?: boolean;
  readonly interactive?: boolean;
  readonly detachKeys?: string;
}

/** Starts the containers of a command line. @returns the exit status: of one that it stays with, that one's */
export async function startAsAsked(
  { attach = false, interactive = false, detachKeys }: Flags,
  names: readonly string[],
): Promise<number> {
  const [name = ''] = names;
  if (!attach && !interactive) return forEachNamed(names, (called) => start(find(called).id));
  if (names.length > 1) throw new Error('you cannot start and attach multiple containers at once');
  return runAttached(find(name), { sigProxy: attach, interactive, ...(detachKeys && { detachKeys }) });
}
