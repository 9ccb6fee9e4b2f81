import { cpSync } from 'node:fs';
import type { Step } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import type { Book } from './book.ts';
import { byName } from './handed-in/handed-in.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { folderOf, kept, type Row } from './row.ts';
import type { Shard } from './shard.ts';
import { type Summary, writeClass } from './summary.ts';

/**
 * Joins the results of shards, which may come from several machines.
 *
 * @throws {Error} if they aren't all parts of one class, each once, by one version of the grader
 */
export function merge(
  folders: readonly string[],
  out: string,
  bookOf: (step: string) => { step: Step; book: Book },
): Summary {
  const parts = folders.map((folder): Part => ({ folder, ...readManifest(folder) }));
  const [first] = parts;
  if (!first) throw new Error('there is nothing to merge');
  for (const part of parts) assertSame(first, part);
  for (const [at, { shard, folder }] of parts.entries()) {
    const twin = parts.slice(0, at).find((other) => other.shard.index === shard.index);
    if (twin) throw new Error(`${shown(twin.folder)} and ${shown(folder)} are the same shard, ${text(shard)}`);
  }
  const { count } = first.shard;
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !parts.some(({ shard }) => shard.index === index),
  );
  if (missing.length > 0) throw new Error(`of ${count} shards there is no ${missing.join(', ')}`);
  const rows = parts.flatMap(({ folder, students }) => students.map((student) => rowIn(folder, student)));
  assertOnce(rows);
  for (const { folder, students } of parts) {
    for (const student of students) cpSync(folderOf(folder, student), folderOf(out, student), { recursive: true });
  }
  rows.sort(byName);
  const { step, version, roster } = first;
  const { book, step: whole } = bookOf(step);
  return writeClass(out, whole, rows, { step, version, shard: { index: 1, count: 1 }, roster }, book);
}

interface Part extends Manifest {
  readonly folder: string;
  readonly students: readonly string[];
}

function assertSame(one: Part, other: Part): void {
  const differ = (what: string, a: string, b: string) => {
    if (a === b) return;
    const where = `${shown(one.folder)} has ${a}, ${shown(other.folder)} has ${b}`;
    throw new Error(`these are not parts of one class: ${what} differs: ${where}`);
  };
  differ('the step', one.step, other.step);
  differ('the version of tests and grader', one.version, other.version);
  differ('the number of shards', String(one.shard.count), String(other.shard.count));
  differ('the list of students (hash)', one.roster, other.roster);
}

function rowIn(folder: string, student: string): Row {
  const row = kept(folder, student);
  if (row) return row;
  throw new Error(`${shown(folder)} names ${student}, and has no results of theirs: grade that shard again`);
}

function assertOnce(rows: readonly Row[]): void {
  const seen = new Set<string>();
  for (const { student } of rows) {
    if (seen.has(student)) throw new Error(`${student} is in two of the shards`);
    seen.add(student);
  }
}

function text({ index, count }: Shard): string {
  return `${index}/${count}`;
}
