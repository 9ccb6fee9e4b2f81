import type { Step } from '../step/step.ts';
import { entries, isFile, NotRead, readFile } from './door.ts';
import { type Bytes, bytes, readable, within } from './names.ts';

/** How deep in a student's folder their work may lie: a zip of a folder is one deeper, and a whole clone two. */
const DEEPEST = 3;

/** The most files and folders that are looked at in search of it. */
const MOST_ENTRIES = 10_000;

const ARCHIVE = /\.(zip|tar|tgz|tar\.\w+|7z|rar)$/i;

/** Where a student's work is, and why it can't be graded, if so. */
export interface Found {
  readonly directory: Bytes;
  readonly wrong?: string;
}

/** The folder in a student's that holds the work: the least deep one that has a file with tasks. */
export function workIn(step: Step, directory: Bytes): Found {
  try {
    return found(step, directory) ?? { directory, wrong: nothingIn(step) };
  } catch (error) {
    const { message } = error as Error;
    return { directory, wrong: error instanceof NotRead ? `the folder ${message}` : `it can't be read: ${message}` };
  }
}

function found(step: Step, directory: Bytes): Found | undefined {
  let [level, left] = [[directory], MOST_ENTRIES];
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const works = level.filter((path) => filesOf(step).some((file) => isFile(path, file)));
    const [one, other] = works.length > 1 ? works.filter((path) => isOf(step, path)) : works;
    if (one !== undefined && other === undefined) return { directory: one };
    if (works.length > 0) {
      const two = works.slice(0, 2).map((path) => readable(path.slice(directory.length + 1) as Bytes));
      return { directory, wrong: `which is it: ${two.join(' or ')}?` };
    }
    level = level.flatMap((path) => {
      const all = entries(path, left);
      left -= all.length;
      // No links: one may lead to another student's work, or to the reference.
      const folders = all.filter(({ name, kind }) => kind === 'folder' && isShown(name));
      return folders.map(({ name }) => within(path, name));
    });
  }
  return undefined;
}

function nothingIn(step: Step): string {
  return `there is no ${filesOf(step)[0]}, and no other file with a task`;
}

/** The files that hold a step's tasks. */
export function filesOf({ tasks }: Step): string[] {
  return [...new Set(tasks.map(({ file }) => file))];
}

export function isArchive(name: Bytes): boolean {
  return ARCHIVE.test(name);
}

/** Neither hidden, nor what npm or a Mac has put there. */
export function isShown(name: Bytes): boolean {
  return !name.startsWith('.') && name !== 'node_modules' && name !== '__MACOSX';
}

/** Among steps of which each has a src/plan.ts, the one whose folder or package is named for it. */
function isOf(step: Step, directory: Bytes): boolean {
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return (
    [step.name, last(bytes(step.directory))].includes(last(directory)) ||
    packageOf(directory) === `homework-${step.name}`
  );
}

/** The name in a folder's package.json, if there is one. */
export function packageOf(directory: Bytes): unknown {
  try {
    return JSON.parse(readFile(directory, 'package.json')?.toString() ?? '').name;
  } catch {
    return undefined;
  }
}
