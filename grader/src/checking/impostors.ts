import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { withBodies } from '../step/regions.ts';
import type { Step } from '../step/step.ts';

/** A wrong solution that a real student would hand in: another body for one task. */
export interface Impostor {
  readonly task: number;
  /** `task-2-of-a-second`. */
  readonly name: string;
  /** What is wrong with it: the comment on its first line. */
  readonly mistake: string;
  readonly body: string;
}

/**
 * The impostors of a step: `test/impostors/task-2-of-a-second.ts` holds the body, and begins with a comment that tells the
 * mistake.
 *
 * @throws {Error} if one tells none, or is of no task
 */
export function impostorsOf(step: Step): Impostor[] {
  const paths = globSync('test/impostors/*.ts', { cwd: step.directory }).sort();
  return paths.map((path) => {
    const body = readFileSync(join(step.directory, path), 'utf8');
    const name = basename(path, '.ts');
    const task = Number(/^task-(\d+)-/.exec(name)?.[1]);
    const mistake = /^\/\/ (.+)/.exec(body)?.[1];
    if (mistake === undefined)
      throw new Error(`${step.name}: ${path}: expected a first line such as "// what is wrong"`);
    if (!step.tasks.some(({ number }) => number === task)) {
      throw new Error(`${step.name}: ${path}: expected a name such as task-2-what.ts, with the number of a task`);
    }
    return { task, name, mistake, body: body.trimEnd() };
  });
}

/** The step's sources with an impostor among them. */
export function withImpostor(step: Step, { task, body }: Impostor): Map<string, string> {
  return new Map(
    [...step.sources].map(([path, source]) => [
      path,
      withBodies(source, (region) => (region.task === task ? body : undefined)),
    ]),
  );
}
