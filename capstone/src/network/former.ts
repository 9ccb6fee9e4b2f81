import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, type Endpoint, isStill, makeDirectories, removeDirectory, state } from 'step-10';
import { type BoxRecord, readRecord } from '../containers/record.ts';
import { sayLeft, undo } from '../undo.ts';
import { undoConnections } from './journals.ts';

// A killed container leaves its address to the next one, but what it published may still lead there. So a link in /run says who
// had each address last: who gets it next undoes what that one has left.

/** Undoes what killed containers have left that had these addresses before. They are this container's from now on. */
export async function succeed(id: string, endpoints: readonly Endpoint[]): Promise<void> {
  for (const link of linksOf(endpoints)) {
    const former = target(link);
    if (former !== undefined && former !== id) await undoKilled(former);
    makeDirectories(directory(), 0o700);
    rmSync(link, { recursive: true, force: true }); // whatever is there
    symlinkSync(id, link);
  }
}

/**
 * While its shim lives, only what a killed `network connect` has left: the shim cleans up by itself, and first writes down what
 * goes with the cgroups.
 */
async function undoKilled(id: string): Promise<void> {
  const record = told(id);
  const shim = record?.run.status === 'begun' ? record.run.shim : undefined;
  sayLeft(await (shim && isStill(shim) ? undoConnections(id) : undo(record ?? { id })));
}

/** When that is undone: what leads to the addresses has been removed by then. */
export function leaving(endpoints: readonly Endpoint[]): Action {
  return { what: '', when: 'before', do: [], undo: linksOf(endpoints).map(removeDirectory) };
}

function linksOf(endpoints: readonly Endpoint[]): string[] {
  return endpoints.flatMap(({ network, addresses }) =>
    addresses.map(({ address }) => join(directory(), `${network.name} ${address}`)),
  );
}

function target(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined; // nobody had it
  }
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
