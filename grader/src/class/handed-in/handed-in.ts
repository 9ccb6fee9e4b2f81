import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Step } from '../../step/step.ts';
import { shown } from '../../step/workspace.ts';
import { type Entry, entries, readFile } from '../../submission/door.ts';
import { type Bytes, bytes, raw, readable, within } from '../../submission/names.ts';
import { type Found, filesOf, isArchive, isShown, workIn } from '../../submission/where.ts';
import type { Key } from '../book/person.ts';
import { OF_CLASS, OF_STUDENT, READABLE, unpack } from './archive.ts';
import { GitTimes } from './git-time.ts';
import { keysOfFolder, type Loose, looseOf } from './loose.ts';
import { namesIn } from './metadata.ts';

/** What is known of something that was handed in. */
export interface Attempt {
  /** The name of the folder, as it is read: nothing else of the class has it. */
  readonly student: string;
  /** Their real name, where the platform's download tells it. */
  readonly name: string;
  /** What it says of each who handed it in: more than one for a group. */
  readonly keys: readonly (readonly Key[])[];
  /** When, in milliseconds since 1970, where the download tells it. */
  readonly time?: number;
  /** Does the platform say that it came too late? */
  readonly late?: true;
}

/** Something that was handed in, and where it is. */
export interface HandedIn extends Attempt {
  readonly directory: Bytes;
  /** Why it can't be graded. */
  readonly wrong?: string;
}

export interface Class {
  readonly students: readonly HandedIn[];
  /** What is wrong with the download, and what of it is nobody's. */
  readonly wrong: readonly string[];
}

/** The largest class. */
const MOST = 100_000;

/**
 * What is in a download of submissions, by name: a folder for each student, as Gradescope exports them (`submission_123`,
 * with their names in submission_metadata.yml), as GitHub Classroom clones them (`step-03-username`), as Moodle packs them, or any
 * other; archives of theirs; files that lie loose, as Canvas gives them; or all that in one archive.
 *
 * @param scratch - where what must be unpacked or put in order is written
 * @param zone - of times in file names
 * @throws {Error} if there are none
 */
export async function handedIn(step: Step, folder: string, scratch: string, zone = 'UTC'): Promise<Class> {
  if (!existsSync(folder)) throw new Error(`there is no ${shown(folder)}`);
  rmSync(scratch, { recursive: true, force: true });
  const directory = bytes(await classFolder(folder, join(scratch, 'class')));
  const names = namesIn(directory);
  using git = new GitTimes();
  const reading: Reading = { step, directory, scratch: join(scratch, 'students'), git, zone };
  const all = entries(directory, MOST).filter(({ name }) => isShown(name));
  const students: HandedIn[] = [];
  // One after the other: thousands of archives at once would need as many descriptors.
  for (const entry of all) students.push(...(await studentOf(reading, entry)));
  const groups = looseIn(all);
  for (const [who, files] of groups) students.push(await looseStudent(reading, who, files));
  const found = students.map((one) => ({ ...one, ...names.of.get(one.student) }));
  const nobodys = all
    .filter(({ name, kind }) => kind === 'file' && !isSomebodys(name))
    .map(({ name }) => readable(name));
  if (found.length === 0)
    throw new Error(
      `${shown(folder)} contains no folder: expected one for each student, with ${filesOf(step)[0]} in it`,
    );
  return { students: found.sort(byName), wrong: [...names.wrong, ...told(nobodys)] };
}

interface Reading {
  readonly step: Step;
  readonly directory: Bytes;
  readonly scratch: string;
  readonly git: GitTimes;
  readonly zone: string;
}

/** A class may come as the one file that a platform gives. */
async function classFolder(path: string, to: string): Promise<string> {
  if (lstatSync(path).isDirectory()) return path;
  if (!READABLE.test(path)) throw new Error(`${shown(path)} is neither a folder, nor a zip or tar archive`);
  await unpack(path, to, OF_CLASS);
  const [only, ...more] = entries(bytes(to), MOST).filter(({ name }) => isShown(name));
  const one = only?.kind === 'folder' && more.length === 0 && looseOf(readable(only.name)) === undefined;
  return one && only ? join(to, raw(only.name).toString()) : to;
}

/** Nobody, where it is a file that is no archive: a platform's own, or a loose one. */
async function studentOf(reading: Reading, { name, kind }: Entry): Promise<HandedIn[]> {
  const path = within(reading.directory, name);
  const student = readable(name);
  const base: Base = { student, name: '', keys: [keysOfFolder(student)] };
  if (kind === 'folder') return [await folderStudent(reading, base, path)];
  if (kind === 'link') return [{ ...base, directory: path, wrong: 'a link, which is not followed' }];
  if (kind !== 'file' || !isArchive(name) || looseOf(student)) return [];
  const stem = student.replace(/\.(tar\.\w+|\w+)$/i, '');
  return [await unpacked(reading, { ...base, keys: [keysOfFolder(stem)] }, [path])];
}

type Base = Omit<HandedIn, 'directory'>;

async function folderStudent(reading: Reading, base: Base, path: Bytes): Promise<HandedIn> {
  const { step, git } = reading;
  const found = workIn(step, path);
  const time = git.of(path);
  const timed = { ...base, ...(time !== undefined && { time }) };
  if (found.wrong === undefined) return { ...timed, ...found };
  const inside = entriesOf(path);
  const archives = inside.filter(({ name, kind }) => kind === 'file' && isArchive(name));
  if (archives.length > 0)
    return unpacked(
      reading,
      timed,
      archives.map(({ name }) => within(path, name)),
    );
  const flat = inside.flatMap(({ name, kind }) => (kind === 'file' ? [{ name, file: readable(name) }] : []));
  const placed = await place(reading, base.student, path, flat);
  return { ...timed, ...(placed ?? found) };
}

function entriesOf(path: Bytes): Entry[] {
  try {
    return entries(path, 10_000);
  } catch {
    return [];
  }
}

async function unpacked({ step, scratch }: Reading, base: Base, archives: readonly Bytes[]): Promise<HandedIn> {
  const to = folderIn(scratch, base.student);
  for (const archive of archives) {
    const path = raw(archive).toString();
    const name = basename(path);
    if (!READABLE.test(path)) {
      return {
        ...base,
        directory: archive,
        wrong: `${name} is an archive of a kind that isn’t read: zip and tar.gz are`,
      };
    }
    try {
      await unpack(path, to, OF_STUDENT);
    } catch (error) {
      return { ...base, directory: archive, wrong: `${name} ${(error as Error).message}` };
    }
  }
  const found = workIn(step, bytes(to));
  if (found.wrong === undefined) return { ...base, ...found };
  const flat = entriesOf(bytes(to)).flatMap(({ name, kind }) =>
    kind === 'file' ? [{ name, file: readable(name) }] : [],
  );
  const placed = await place({ step, scratch }, `${base.student} in order`, bytes(to), flat);
  return { ...base, ...(placed ?? found) };
}

/** Files that came without folders, where the step has them; undefined if none of them holds a task. */
async function place(
  { step, scratch }: Pick<Reading, 'step' | 'scratch'>,
  student: string,
  directory: Bytes,
  files: readonly { name: Bytes; file: string }[],
): Promise<Found | undefined> {
  const paths = filesOf(step);
  // Canvas calls what is handed in again sizes-1.ts: the last one counts.
  const nth = ({ file }: { file: string }) => Number(/-(\d+)\.ts$/.exec(file)?.[1] ?? 0);
  const sorted = [...files].sort((a, b) => nth(a) - nth(b));
  const to = folderIn(scratch, student);
  let placed = false;
  for (const { name, file } of sorted) {
    if (!file.endsWith('.ts')) continue;
    const same = (path: string) => [file, file.replace(/-\d+(?=\.ts$)/, '')].includes(basename(path));
    const path = paths.find(same) ?? `src/${file}`;
    try {
      const text = readFile(directory, raw(name).toString());
      if (text === undefined) continue;
      mkdirSync(dirname(join(to, path)), { recursive: true });
      writeFileSync(join(to, path), text);
      placed ||= paths.includes(path);
    } catch {} // too large, or gone: it isn't there
  }
  return placed ? { directory: bytes(to) } : undefined;
}

function folderIn(scratch: string, student: string): string {
  return join(scratch, encodeURIComponent(student).slice(0, 200));
}

type LooseFile = Loose & { readonly name: Bytes };

function looseIn(all: readonly Entry[]): Map<string, LooseFile[]> {
  const groups = new Map<string, LooseFile[]>();
  for (const { name, kind } of all) {
    const loose = kind === 'file' ? looseOf(readable(name)) : undefined;
    if (loose) groups.set(loose.who, [...(groups.get(loose.who) ?? []), { ...loose, name }]);
  }
  return groups;
}

async function looseStudent(reading: Reading, who: string, files: readonly LooseFile[]): Promise<HandedIn> {
  const [first] = files;
  const base: Base = {
    student: who,
    name: '',
    keys: [first?.keys ?? []],
    ...(files.some(({ late }) => late) && { late: true }),
    ...(first?.time !== undefined && { time: timeIn(first.time, reading.zone) }),
  };
  const archives = files.filter(({ name }) => isArchive(name));
  if (archives.length > 0)
    return unpacked(
      reading,
      base,
      archives.map(({ name }) => within(reading.directory, name)),
    );
  const placed = await place(reading, who, reading.directory, files);
  const names = files.map(({ file }) => file).join(', ');
  return { ...base, ...(placed ?? { directory: reading.directory, wrong: `${names}: none of them holds a task` }) };
}

function timeIn(text: string, zone: string): number {
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
}

function isSomebodys(name: Bytes): boolean {
  const text = readable(name);
  return isArchive(name) || looseOf(text) !== undefined || /\.(ya?ml|csv)$/i.test(text);
}

function told(nobodys: readonly string[]): string[] {
  if (nobodys.length === 0) return [];
  const some = nobodys.slice(0, 5).join(', ');
  return [`whose is it? ${some}${nobodys.length > 5 ? ` and ${nobodys.length - 5} more` : ''}: the names don’t say`];
}

export function byName(a: { student: string }, b: { student: string }): number {
  return a.student < b.student ? -1 : 1;
}
