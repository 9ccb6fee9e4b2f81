import { closeSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flock, LOCK_EX, perform } from 'shared-native';
import { containerPath, etcOf, overwriteMounted, say } from 'step-10';
import { type Begun, type BoxRecord, readRecord } from '../containers/record.ts';
import { namesIn, openIfThere } from '../if-there.ts';
import { inDefault } from './linked.ts';

/** Remembers with each container that another is linked to, that it is: whoever starts it needn't look through all of them. */
export function rememberLinks({ id, links = [] }: Pick<BoxRecord, 'id' | 'links'>): void {
  for (const link of links) {
    unless(['EEXIST', 'ENOENT'], () => mkdirSync(usersOf(link.id), { mode: 0o700 }));
    unless(['ENOENT'], () => writeFileSync(join(usersOf(link.id), id), '')); // the other was removed meanwhile
  }
}

function unless(codes: readonly string[], doing: () => void): void {
  try {
    doing();
  } catch (error) {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Tells those that are linked to a container, and run, of its address now. It runs, whatever is wrong with one of them. */
export function tellUsers({ id, run }: BoxRecord): void {
  if (run.status !== 'begun') return;
  for (const user of namesIn(usersOf(id))) {
    try {
      tell(user, id, run);
    } catch (error) {
      say(`container ${user}, which is linked to ${id}, may not know its address now: ${(error as Error).message}`);
    }
  }
}

function tell(user: string, id: string, { endpoints }: Begun): void {
  const { four, six } = inDefault(endpoints);
  const its = readRecord(user)?.links?.filter((link) => link.id === id) ?? [];
  if (its.length === 0) rmSync(join(usersOf(id), user), { force: true }); // it was removed
  for (const { alias } of its) rewrite(join(etcOf(user), 'hosts'), (text) => readdressed(text, alias, four, six));
}

/** The lines of hosts(5) whose first name is this one, with another address. */
export function readdressed(hosts: string, alias: string, four: string, six: string): string {
  return hosts
    .split('\n')
    .map((line) => {
      const [, address = '', rest = ''] = /^(\S+)(\t.*)$/.exec(line) ?? [];
      const to = address.includes(':') ? six : four;
      return rest.slice(1).split(' ')[0] === alias && to !== '' ? to + rest : line;
    })
    .join('\n');
}

/** While no container can come or go, since that changes the same files. */
function rewrite(path: string, change: (text: string) => string): void {
  const street = openIfThere(dirname(dirname(path)));
  if (street === undefined) return;
  try {
    perform(flock(street, LOCK_EX));
    overwriteMounted(path, change);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // it doesn't run
  } finally {
    closeSync(street);
  }
}

/** In the directory of the other, with which it goes. */
function usersOf(id: string): string {
  return join(containerPath(id), 'linked-by');
}
