import { type Key, nameOf, type Person } from './book/person.ts';
import type { Attempt } from './handed-in/handed-in.ts';

/** Somebody, and what they handed in: nothing, or one or more attempts. */
export interface Member extends Omit<Person, 'keys'> {
  readonly attempts: readonly Attempt[];
  /** Are they in no roster? */
  readonly stranger: boolean;
}

/**
 * Whose each submission is. Without a roster, each is somebody's. Who isn't in the roster is listed after it.
 */
export function match(people: readonly Person[], students: readonly Attempt[]): Member[] {
  const index = new Map<string, Set<Person>>();
  for (const person of people) for (const { kind, value } of person.keys) add(index, `${kind} ${value}`, person);
  const attempts = new Map<Person, Attempt[]>();
  const strangers: Member[] = [];
  for (const one of students) {
    const found = one.keys.flatMap((keys) => ownerOf(index, keys) ?? []);
    const by = found.length > 0 ? [...new Set(found)] : byFolder(index, one.student);
    for (const person of by) attempts.set(person, [...(attempts.get(person) ?? []), one]);
    if (by.length === 0) strangers.push(stranger(one));
  }
  const known = people.map(({ keys: _, ...person }, at) => ({
    ...person,
    attempts: attempts.get(people[at] as Person) ?? [],
    stranger: false,
  }));
  return [...known, ...(people.length > 0 ? strangers.map((one) => ({ ...one, stranger: true })) : strangers)];
}

function add(index: Map<string, Set<Person>>, text: string, person: Person): void {
  const found = index.get(text) ?? new Set();
  index.set(text, found.add(person));
}

/** The one person whom a key names; two of the same name are told apart by the others. */
function ownerOf(index: ReadonlyMap<string, Set<Person>>, keys: readonly Key[]): Person | undefined {
  for (const { kind, value } of keys) {
    const found = index.get(`${kind} ${value}`);
    if (found?.size === 1) return [...found][0];
  }
  return undefined;
}

/** By a folder's whole name, or the end of it (`step-03-jdoe`): login, address, number or name. */
function byFolder(index: ReadonlyMap<string, Set<Person>>, folder: string): Person[] {
  const text = folder.toLowerCase().replace(/\.(tar\.\w+|zip|tar|tgz)$/, '');
  const parts = text.split('-');
  const ends = parts.map((_, at) => parts.slice(at).join('-'));
  for (const end of ends) {
    const found = ownerOf(index, [
      ...(['github', 'email', 'sid', 'canvas', 'moodle', 'gradescope'] as const).map((kind) => ({ kind, value: end })),
      ...(end === text ? [{ kind: 'name' as const, value: nameOf(text.replaceAll('_', ' ')) }] : []),
    ]);
    if (found) return [found];
  }
  return [];
}

function stranger(one: Attempt): Member {
  return { id: one.student, name: one.name, section: '', attempts: [one], stranger: false };
}
