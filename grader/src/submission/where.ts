import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Step } from '../step/step.ts';

/** How deep in a student's folder their work may lie: a zip of a folder is one deeper, and a whole clone two. */
const DEEPEST = 3;

export const ARCHIVE = /\.(zip|tar|tgz|tar\.\w+|7z|rar)$/i;

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

/** The files that hold a step's tasks. */
export function filesOf({ tasks }: Step): string[] {
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
