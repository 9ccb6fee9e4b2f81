import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { impostorsOf, withBody } from '../src/checking/bodies.ts';
import { startOf } from '../src/start.ts';
import { withBodies } from '../src/step/regions.ts';
import type { Step, Task } from '../src/step/step.ts';

/** A submission that is made up, and the points that it must get, by task. */
export interface Made {
  readonly student: string;
  /** By task; undefined where it is some of them. */
  readonly points: readonly (number | undefined)[];
}

type Sources = ReadonlyMap<string, string>;

/** Kinds of submissions, as a class has them: each makes the sources, and tells the tasks that are right. */
function kinds(step: Step): [name: string, sources: Sources, right: (task: number) => boolean][] {
  const [first] = step.tasks;
  if (!first) throw new Error(`${step.name} has no tasks`);
  const body = (text: string) =>
    new Map(
      [...step.sources].map(([path, source]) => [
        path,
        withBodies(source, (one) => (one.task === first.number ? text : undefined)),
      ]),
    );
  const others = (task: number) => task !== first.number;
  return [
    ['reference', step.sources, () => true],
    ['untouched', startOf(step, step.directory), () => false],
    ['half', half(step), (task) => task % 2 === 1],
    ['syntax', body('  return ((('), others],
    ['exits', body('  process.exit(0);'), others],
    ['loops', body('  for (;;);'), others],
    ['fakes', body(`  return { asymmetricMatch: () => true, text: '<script>alert(1)</script>' } as never;`), others],
    ...impostorsOf(step).map((one): [string, Sources, (task: number) => boolean] => [
      `impostor-${one.name}`,
      withBody(step, one),
      (task) => task !== one.task,
    ]),
  ];
}

/** Every task with an odd number. */
function half(step: Step): Sources {
  const start = startOf(step, step.directory);
  return new Map(
    [...step.sources].map(([path, source]) => {
      const odd = withBodies(source, ({ task }) =>
        task % 2 === 1 ? undefined : `  throw new Error('task ${task}: later');`,
      );
      return [path, start.has(path) ? odd : source];
    }),
  );
}

/** Writes a class: the kinds in turn, in layouts in turn (Gradescope's, a folder in a folder, GitHub Classroom's). */
export function writeMixed(step: Step, directory: string, count: number): Made[] {
  const all = kinds(step);
  return Array.from({ length: count }, (_, at) => {
    const [kind, sources, right] = all[at % all.length] as (typeof all)[number];
    const number = String(at + 1).padStart(3, '0');
    const [student, inner] = layout(step, Math.floor(at / all.length) + at, `${number}-${kind}`);
    for (const [path, text] of sources) write(join(directory, student, inner, path), text);
    return { student, points: step.tasks.map((task) => pointsOf(task, kind, right(task.number))) };
  });
}

/** A wrong solution may have some groups of a task right. */
function pointsOf({ points, groups }: Task, kind: string, right: boolean): number | undefined {
  if (right) return points;
  return kind.startsWith('impostor-') && groups.length > 0 ? undefined : 0;
}

function layout(step: Step, at: number, name: string): [student: string, inner: string] {
  const layouts: [string, string][] = [
    [`submission_${name}`, ''],
    [`${step.name}-${name}`, ''],
    [name, step.name],
    [name, `repository/homework/${step.name}`],
  ];
  return layouts[at % layouts.length] as [string, string];
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
