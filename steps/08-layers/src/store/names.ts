import { lstatSync, renameSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectories, Spoiled, unlessSpoiled } from 'step-07';
import { fullName, parseReference, type Reference, wholeId, withTag } from '../reference.ts';
import { digestOf } from './blobs.ts';
import { syncDirectory, textOf, writeThrough } from './files.ts';
import type { Digest, Image } from './image.ts';
import { whileAdding } from './lock.ts';
import { hex, idPath, places } from './places.ts';
import { list } from './record.ts';
import type { Workplace } from './workplace.ts';

/** The id of the image that has a name, which must have a tag or a digest. */
export function idOfName(reference: Reference): Digest | undefined {
  const path = namePath(reference);
  const id = textOf(path);
  if (id === undefined || wholeId(id) === id) return id as Digest | undefined;
  throw new Spoiled(path, "it isn't an image's id", 'remove it, and give the image its name again with "tag"');
}

/** The names that an image has, in order. */
export function namesOf(id: Digest): Reference[] {
  return notesOf(id)
    .flatMap((path) => unlessSpoiled(() => notedIn(path)) ?? [])
    .filter((reference) => unlessSpoiled(() => idOfName(reference)) === id) // it may have become another's
    .sort((one, other) => (fullName(one) < fullName(other) ? -1 : 1));
}

/** When an image was last given a name, as Date's toISOString has it; Go's zero, if it never was. */
export function lastNamed(id: Digest): string {
  const times = notesOf(id).flatMap((path) => lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? []);
  return times.length === 0 ? '0001-01-01T00:00:00Z' : new Date(Math.max(...times)).toISOString();
}

/** The files in which an image's names are noted. */
function notesOf(id: Digest): string[] {
  const files = list(idPath(id)).filter((file) => file.startsWith('name-'));
  return files.map((file) => join(idPath(id), file));
}

/** Undefined if it has just been removed. */
function notedIn(path: string): Reference | undefined {
  const name = textOf(path);
  try {
    return name === undefined ? undefined : parseReference(name);
  } catch (error) {
    throw new Spoiled(path, (error as Error).message, 'remove it, and "tag" the image again');
  }
}

function putName({ directory }: Workplace, reference: Reference, id: Digest): void {
  const note = join(directory, 'note');
  writeThrough(note, fullName(reference));
  renameSync(note, notePath(reference, id)); // before it has the name, so that none is ever without a note
  const file = join(directory, 'name');
  writeThrough(file, id);
  makeDirectories(dirname(namePath(reference)), 0o700);
  renameSync(file, namePath(reference));
  syncDirectory(dirname(namePath(reference)));
}

/** The name that words can be, with its tag, or its digest alone; undefined if they are an id, or the beginning of one. */
export function nameIn(words: string): Reference | undefined {
  if (wholeId(words) !== undefined || /^sha256:[a-f0-9]*$/.test(words)) return undefined;
  const { digest, ...named } = withTag(parseReference(words));
  return digest === undefined ? named : { domain: named.domain, path: named.path, digest };
}

/** The name of an image that words are; undefined if they are its id, or the beginning of that. */
export function referenceOf(words: string, id: Digest): Reference | undefined {
  const name = nameIn(words);
  return name && idOfName(name) === id ? name : undefined;
}

/** Has an image a name with a tag? One that has only digests is dangling: its tag has become another's. */
export function isTagged(names: readonly Reference[]): boolean {
  return names.some(({ tag }) => tag !== undefined);
}

/** Are two names of the same repository? */
export function isAkin(one: Reference, other: Reference): boolean {
  return one.domain === other.domain && one.path === other.path;
}

/** The names of a repository that have a tag, in order. */
export function tagsOf({ domain, path }: Reference): Reference[] {
  const files = list(join(places().names, domain, path)).filter((file) => file.startsWith(':'));
  return files.sort().map((file) => ({ domain, path, tag: file.slice(1) }));
}

/** Gives an image a name. @returns the id of another that had it, and has it no more */
export function nameImage(place: Workplace, { id }: Pick<Image, 'id'>, reference: Reference): Digest | undefined {
  return whileAdding(() => {
    const other = idOfName(reference);
    if (other === id) return undefined;
    putName(place, reference, id);
    return other;
  });
}

/** Takes a name from an image. To be called while removing. */
export function removeName(reference: Reference, id: Digest): void {
  unlinkSync(namePath(reference));
  for (let above = dirname(namePath(reference)); above !== places().names && isRemoved(above); ) above = dirname(above);
  unlinkSync(notePath(reference, id));
}

/** Removes the directories in which a process that was killed has left no name. To be called while removing. */
export function sweepNames(directory = places().names): void {
  for (const name of list(directory)) {
    const below = join(directory, name);
    if (!statSync(below).isDirectory()) continue;
    sweepNames(below);
    isRemoved(below);
  }
}

function namePath({ domain, path, tag, digest }: Reference): string {
  return join(places().names, domain, path, digest === undefined ? `:${tag}` : `@${digest}`); // no path begins so
}

/** In the image's directory: the name as it's written in full, by its digest, for it may be too long for a file's. */
function notePath(reference: Reference, id: Digest): string {
  return join(idPath(id), `name-${hex(digestOf(fullName(reference)))}`);
}

function isRemoved(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
    throw error;
  }
}
