import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { shown } from '../start.ts';
import type { Step } from '../step.ts';

/** One who handed something in. */
export interface Student {
  /** The name of the folder, which no other student has. */
  readonly student: string;
  /** Their real name, where the platform's download tells it. */
  readonly name: string;
  /** Where their work is. */
  readonly directory: string;
  /** Why it can't be graded. */
  readonly wrong?: string;
}

/** How deep in a student's folder their work may lie: a zip of a folder is one deeper, and a whole clone two. */
const DEEPEST = 3;

const ARCHIVE = /\.(zip|tar|tgz|tar\.\w+|7z|rar)$/i;

/**
 * The students in a folder that has one folder for each, by name: as Gradescope exports them (`submission_123`, with
 * their names in submission_metadata.yml), as GitHub Classroom clones them (`step-03-username`), or any other.
 *
 * @throws {Error} if there are none
 */
export function rosterOf(step: Step, directory: string): Student[] {
  if (!existsSync(directory)) throw new Error(`there is no ${shown(directory)}`);
  const names = gradescopeNames(directory);
  const students = readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== '__MACOSX')
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      const one = { student: entry.name, name: names.get(entry.name) ?? '' };
      if (entry.isDirectory()) return [{ ...one, ...workIn(step, path) }];
      if (ARCHIVE.test(entry.name)) return [{ ...one, directory: path, wrong: 'an archive: unpack it first' }];
      return entry.isSymbolicLink() ? [{ ...one, directory: path, wrong: 'a link, which is not followed' }] : [];
    });
  if (students.length > 0) return students.sort((a, b) => (a.student < b.student ? -1 : 1));
  throw new Error(`${shown(directory)} holds no folder: expected one for each student, with ${filesOf(step)[0]} in it`);
}

/** The folder in a student's that holds the work: the least deep one that has a file with tasks. */
export function workIn(step: Step, directory: string): { directory: string; wrong?: string } {
  let level = [directory];
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const found = level.filter((path) => filesOf(step).some((file) => isFile(join(path, file))));
    const [one, other] = found.length > 1 ? found.filter((path) => isOf(step, path)) : found;
    if (one !== undefined && other === undefined) return { directory: one };
    if (found.length > 0) {
      const two = found.slice(0, 2).map((path) => path.slice(directory.length + 1));
      return { directory, wrong: `which is it: ${two.join(' or ')}?` };
    }
    level = level.flatMap(foldersIn);
  }
  const archive = readdirSync(directory).find((name) => ARCHIVE.test(name));
  if (archive !== undefined) return { directory, wrong: `${archive} is an archive: unpack it first` };
  return { directory, wrong: `there is no ${filesOf(step)[0]}, and no other file with a task` };
}

function filesOf({ tasks }: Step): string[] {
  return [...new Set(tasks.map(({ file }) => file))];
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** No links: one may lead to another student's work, or to the reference. */
function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .filter(({ name }) => name !== 'node_modules' && name !== '__MACOSX')
    .map(({ name }) => join(directory, name))
    .sort();
}

/** Among steps of which each has a src/plan.ts, the one whose folder or package is named for it. */
function isOf(step: Step, directory: string): boolean {
  if (basename(directory) === step.name || basename(directory) === basename(step.directory)) return true;
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).name === `homework-${step.name}`;
  } catch {
    return false;
  }
}

/** Names by folder, of Gradescope's submission_metadata.yml: `submission_123: { :submitters: [{ :name: … }] }`. */
function gradescopeNames(directory: string): Map<string, string> {
  const file = join(directory, 'submission_metadata.yml');
  if (!existsSync(file)) return new Map();
  const metadata = parse(readFileSync(file, 'utf8')) as Record<string, { ':submitters'?: { ':name'?: unknown }[] }>;
  const names = Object.entries(metadata ?? {}).map(([folder, one]): [string, string] => [
    folder,
    (one?.[':submitters'] ?? []).map((who) => String(who[':name'] ?? '')).join(', '),
  ]);
  return new Map(names);
}

/** A part of the work: the i-th of n, which differ by at most one student. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `3/10`. @throws {Error} if it isn't a shard */
export function shardOf(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index < 1 || index > count) throw new Error(`expected --shard to be such as 3/10, got ${JSON.stringify(text)}`);
  return { index, count };
}

/** A shard's students. By a hash of their names, as vitest does it, so that neighbours who copied are not all in one. */
export function shareOf<T extends { student: string }>(students: readonly T[], { index, count }: Shard): T[] {
  const hash = ({ student }: T) => createHash('sha1').update(student).digest('hex');
  const sorted = [...students].sort((a, b) => (hash(a) < hash(b) ? -1 : 1));
  const share = new Set(sorted.filter((_, at) => at % count === index - 1));
  return students.filter((one) => share.has(one));
}
