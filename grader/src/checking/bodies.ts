import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withBodies } from '../step/regions.ts';
import type { Step } from '../step/step.ts';

/** Another body for one task, as a student would hand it in. */
export interface Body {
  readonly task: number;
  /** `task-2-of-a-second`. */
  readonly name: string;
  /** What is other about it: the comment on its first line. */
  readonly says: string;
  readonly body: string;
  /** What it imports besides what the file does. */
  readonly imports: string;
}

/** The wrong solutions of a step: `test/impostors/task-2-of-a-second.ts`, whose first line tells the mistake. */
export function impostorsOf(step: Step): Body[] {
  return bodiesIn(step, 'impostors');
}

/** The right ones that are spelled in another way: `test/alternatives/task-2-by-shifts.ts`, whose first line tells how. */
export function alternativesOf(step: Step): Body[] {
  return bodiesIn(step, 'alternatives');
}

/** @throws {Error} if one doesn't tell what is other about it, or is of no task */
function bodiesIn(step: Step, folder: string): Body[] {
  const paths = globSync(`test/${folder}/*.ts`, { cwd: step.directory }).sort();
  return paths.map((path) => {
    const source = readFileSync(join(step.directory, path), 'utf8').trimEnd();
    const name = basename(path, '.ts');
    const task = Number(/^task-(\d+)-/.exec(name)?.[1]);
    const says = /^\/\/ (.+)/.exec(source)?.[1];
    if (says === undefined)
      throw new Error(`${step.name}: ${path}: expected a first line such as "// what is other about it"`);
    if (!step.tasks.some(({ number }) => number === task)) {
      throw new Error(`${step.name}: ${path}: expected a name such as task-2-what.ts, with the number of a task`);
    }
    const { imports, body } = split(source);
    return { task, name, says, body, imports };
  });
}

const IMPORT = /^import\s[^;]*;\n/gm;

function split(source: string): { imports: string; body: string } {
  const imports = source.match(IMPORT) ?? [];
  return { imports: imports.join(''), body: source.replaceAll(IMPORT, '') };
}

/** The step's sources with such a body in them. Imports come at the end, so that all else stays on its line. */
export function withBody(
  step: Step,
  { task, body, imports }: Pick<Body, 'task' | 'body' | 'imports'>,
): Map<string, string> {
  const file = step.tasks.find(({ number }) => number === task)?.file;
  return new Map(
    [...step.sources].map(([path, source]) => {
      const changed = withBodies(source, (region) => (region.task === task ? body : undefined));
      return [path, path === file ? changed + imports : changed];
    }),
  );
}
