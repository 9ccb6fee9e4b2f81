import { rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Action, type Endpoint, isStill, makeDirectories, removeDirectory, rmdirIfEmpty, state } from 'step-10';
import { type BoxRecord, readRecord } from '../containers/record.ts';
import { namesIn } from '../if-there.ts';
import { sayLeft, undo } from '../undo.ts';
import { undoConnections } from './journals.ts';

// A killed container leaves its address to the next one, but what it published may still lead there. So each address has a
// directory in /run, with a file for each container that has it or had it: who gets it next undoes what those have left. One
// that ends after the next one has begun removes its own file, and no other.

/** Undoes what killed containers have left that had these addresses before. They are this container's from now on. */
export async function succeed(id: string, endpoints: readonly Endpoint[]): Promise<void> {
  for (const place of endpoints.flatMap(placesOf)) {
    if (!isDirectory(place)) rmSync(place, { force: true }); // whatever is there
    for (const former of namesIn(place))
      if (former === id || (await undoKilled(former))) rmSync(join(place, former), { recursive: true, force: true });
    enter(place, id);
  }
}

function enter(place: string, id: string): void {
  makeDirectories(place, 0o700);
  try {
    writeFileSync(join(place, id), '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    enter(place, id); // the last one that had it has removed the directory just now
  }
}

/**
 * While its shim lives, only what a killed `network connect` has left: the shim cleans up by itself, and first writes down what
 * goes with the cgroups.
 *
 * @returns whether it is over with it
 */
async function undoKilled(id: string): Promise<boolean> {
  const record = told(id);
  const shim = record?.run.status === 'begun' ? record.run.shim : undefined;
  const goesOn = shim !== undefined && isStill(shim);
  sayLeft(await (goesOn ? undoConnections(id) : undo(record ?? { id })));
  return !goesOn;
}

/** When that is undone: what leads to the addresses has been removed by then. */
export function leaving(id: string, endpoints: readonly Endpoint[]): Action {
  const undo = endpoints
    .flatMap(placesOf)
    .flatMap((place) => [removeDirectory(join(place, id)), ...[place, dirname(place)].map(rmdirIfEmpty)]);
  return { what: '', when: 'before', do: [], undo };
}

function placesOf({ network, addresses }: Endpoint): string[] {
  return addresses.map(({ address }) => join(directory(), network.name, address));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function told(id: string): BoxRecord | undefined {
  try {
    return readRecord(id);
  } catch {
    return undefined; // it says nothing
  }
}

/** It begins with a dot, as no container's name does. */
function directory(): string {
  return join(state().journals, '.addresses');
}
