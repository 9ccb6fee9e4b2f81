import { CommanderError } from 'commander';
import { say } from 'step-10';
import { finish } from '../../clean-up/clean-up.ts';
import { find, list } from '../../containers/find.ts';
import { whileLocked } from '../../containers/lock.ts';
import { settled } from '../../end.ts';
import { startsAtBoot } from '../../restart.ts';
import { start } from '../../start.ts';
import { forEachNamed } from '../for-each.ts';
import { runAttached } from '../run/run.ts';

interface Flags {
  readonly attach?: boolean;
  readonly interactive?: boolean;
  readonly detachKeys?: string;
  readonly allThatShould?: boolean;
}

/** Starts the containers of a command line. @returns the exit status: of one that it stays with, that one's */
export async function startAsAsked(flags: Flags, names: readonly string[]): Promise<number> {
  const { attach = false, interactive = false, detachKeys, allThatShould = false } = flags;
  if (allThatShould) return forEachNamed(await thatShould(), (name) => start(find(name).id));
  if (names.length === 0) throw new CommanderError(1, 'commander.missingArgument', 'which containers?');
  if (!attach && !interactive) return forEachNamed(names, (called) => start(find(called).id));
  if (names.length > 1) throw new Error('you cannot start and attach multiple containers at once');
  const keys = detachKeys && { detachKeys };
  const record = find(names[0] as string);
  const sigProxy = attach && !record.options.tty; // as attach
  return runAttached(record, { sigProxy, interactive, notStarted: 1, ...keys });
}

/** The names of those that don't run, and should by their restart policy. */
async function thatShould(): Promise<string[]> {
  const { records, errors } = list();
  for (const error of errors) say(error.message);
  const should: string[] = [];
  for (const { id } of records.toReversed()) {
    const record = await whileLocked(id, () => settled(id));
    if (startsAtBoot(record)) should.push(record.name);
    else await finish(id); // one with --rm, that the machine's end has ended, goes now
  }
  return should;
}
