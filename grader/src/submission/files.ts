import { createHash } from 'node:crypto';
import type { Step } from '../step/step.ts';
import { shown } from '../step/workspace.ts';
import { entries, NotRead, readFile } from './door.ts';
import { type Bytes, readable, within } from './names.ts';
import { filesOf, packageOf } from './where.ts';

/**
 * Of a submission, the files that hold tasks are read, and those that the step doesn't have: what a student has put into a
 * file of their own. Everything else is the reference's.
 */
export type Files = ReadonlyMap<string, string | { readonly wrong: string }>;

/** How many files of their own are read, of how many bytes at most, and how deep in src/ they may lie. */
const [MOST_OWN, LARGEST_OWN, DEEPEST] = [10, 32 * 1024, 3];

/** The most files and folders in src/, and in those together. */
const MOST_ENTRIES = 2000;

/** Reads a submission from a student's folder. */
export function readFiles(step: Step, directory: Bytes): Files {
  const tasks = filesOf(step).map((file) => [file, readOne(directory, file)] as const);
  const own = ownFiles(step, directory).map((file) => [file, readOne(directory, file, LARGEST_OWN)] as const);
  return new Map([...tasks, ...own]);
}

function readOne(directory: Bytes, file: string, largest?: number): string | { wrong: string } {
  const path = shown(readable(within(directory, file)));
  try {
    const found = readFile(directory, file, largest);
    return found ? textOf(found) : { wrong: `there is no ${path}${whose(directory)}` };
  } catch (error) {
    const { message } = error as Error;
    return { wrong: error instanceof NotRead ? `${path} ${message}` : `${path} can't be read: ${message}` };
  }
}

function whose(directory: Bytes): string {
  const name = packageOf(directory);
  return name === undefined ? '' : `: by its package.json this folder is ${JSON.stringify(name).slice(0, 100)}`;
}

/** Modules that the step doesn't have. One that can't be looked for isn't there. */
function ownFiles(step: Step, directory: Bytes): string[] {
  const found: string[] = [];
  let left = MOST_ENTRIES;
  const look = (folder: string, depth: number) => {
    const all = entries(within(directory, folder), left);
    left -= all.length;
    for (const { name, kind } of all) {
      const path = `${folder}/${name}`;
      if (kind === 'folder' && depth < DEEPEST) look(path, depth + 1);
      if (kind === 'file' && /^[\w./-]+\.ts$/.test(path) && !step.sources.has(path)) found.push(path);
    }
  };
  try {
    look('src', 1);
  } catch {}
  return found.slice(0, MOST_OWN);
}

/** @throws {NotRead} if it isn't in UTF-8 */
function textOf(found: Buffer): string {
  const encoding = otherEncoding(found);
  if (encoding !== undefined) throw new NotRead(`is in ${encoding}: save it as UTF-8`);
  return found.toString();
}

/** Windows has long called UTF-16 "Unicode", and its editors still save it. */
function otherEncoding(found: Buffer): string | undefined {
  const starts = (...codes: number[]) => codes.every((code, at) => found[at] === code);
  if (starts(0xff, 0xfe, 0, 0) || starts(0, 0, 0xfe, 0xff)) return 'UTF-32';
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return 'UTF-16';
  const first = found.indexOf(0);
  if (first === -1) return undefined;
  return first < 2 ? 'UTF-16' : 'no encoding of text (it holds the byte 0)';
}

/** What a submission is, for the grader: the files that are read of it. */
export function hashOf(files: Files): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
    .slice(0, 16);
}

/** From which the tests of a submission make their values: as long as it is the same, so are they. */
export function seedOf(files: Files): string {
  return hashOf(files).slice(0, 8);
}
