import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { containerPath } from 'step-10';
import { namesIn } from '../if-there.ts';
import { ID, idOfName, idsWithNames } from './names.ts';
import { type BoxRecord, readRecord } from './record.ts';

/** A container's name, by docker's rule. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** There is no container that is called so. */
export class NoSuchContainer extends Error {
  override readonly name = 'NoSuchContainer';

  constructor(called: string) {
    super(`No such container: ${called}`);
  }
}

/**
 * The container that has an id, or a name, or whose id begins so: docker's order.
 *
 * @throws {NoSuchContainer}; {Error} if several ids begin so, or the record can't be read
 */
export function find(called: string): BoxRecord {
  const record = readRecord(idOf(called));
  if (record) return record;
  throw new NoSuchContainer(called);
}

/** The id of the container that is called so, whether its record can be read or not. @throws as `find` does */
export function idOf(called: string): string {
  const word = called.replace(/^\//, '');
  if (ID.test(word) && existsSync(containerPath(word))) return word;
  const named = NAME.test(word) ? idOfName(word) : undefined;
  if (named !== undefined) return named;
  const [first, second] = /^[0-9a-f]+$/.test(word) ? idsOfContainers().filter((id) => id.startsWith(word)) : [];
  if (second !== undefined) throw new Error(`multiple IDs found with provided prefix: ${called}`);
  if (first !== undefined) return first;
  const its = list(idsWithoutName()).records.find(({ name }) => name === word);
  if (its) return its.id;
  throw new NoSuchContainer(called);
}

/** The containers that no name leads to any more: only of them a record has to say what they are called. */
function idsWithoutName(): string[] {
  const named = idsWithNames();
  return idsOfContainers().filter((id) => !named.has(id));
}

/** All containers there are, or those of some ids, the newest first, and why others can't be read. */
export function list(ids = idsOfContainers()): { records: BoxRecord[]; errors: Error[] } {
  const records: BoxRecord[] = [];
  const errors: Error[] = [];
  for (const id of ids) {
    try {
      const record = readRecord(id);
      if (record) records.push(record);
    } catch (error) {
      errors.push(error as Error);
    }
  }
  return { records: records.sort((one, other) => other.created - one.created), errors };
}

/** The ids of containers. What else is there, containers of a step have. */
export function idsOfContainers(): string[] {
  return namesIn(dirname(containerPath('any'))).filter((name) => ID.test(name));
}
