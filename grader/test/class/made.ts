import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Grade } from '../../src/report/grade.ts';
import type { Grading, Work } from '../../src/running/work.ts';
import type { Step } from '../../src/step/step.ts';

/** Somebody who is made up, by all that the platforms know of them. */
export interface Somebody {
  readonly first: string;
  readonly last: string;
  readonly sid: string;
  readonly email: string;
  readonly login: string;
  /** Canvas' number, Moodle's participant, Gradescope's submission. */
  readonly number: number;
  readonly github: string;
  /** The tasks that are right; undefined for who hands nothing in. */
  readonly right: readonly number[] | undefined;
  /** Minutes after the deadline. */
  readonly late: number;
}

/** Names that have broken other software. */
const NAMES: readonly (readonly [string, string])[] = [
  ['Zoë', "O'Neill"],
  ['José Luis', 'García Márquez'],
  ['Anna', 'Smith, Jr.'],
  ['Ann "Annie"', 'Lee'],
  ['Nguyễn', 'Văn An'],
  ['明', '王'],
  ['Null', 'van der Berg'],
  ['Sören', 'Groß'],
];

/** When it is due: 2026-11-20 23:59 in Vienna. */
export const DUE = Date.parse('2026-11-20T22:59:00Z');

/** A class of 120, or another number: the first of each eight hands nothing in, the second is late by two hours, the third by two days. */
export function people(step: Step, count = 120): Somebody[] {
  return Array.from({ length: count }, (_, at): Somebody => {
    const [first, last] = NAMES[at % NAMES.length] as readonly [string, string];
    const number = 4000 + at;
    const kind = at % 8;
    const right = step.tasks.map((task) => task.number).filter((task) => (at + task) % 3 !== 0);
    return {
      ...{ first: at < 8 ? first : `${first} ${'abcdefghijklmnop'[at >> 3]}`, last, number },
      sid: `0${9000 + at}`,
      email: `s${at}@example.edu`,
      login: `s${at}`,
      github: `hub-user-${at}`,
      right: kind === 0 ? undefined : right,
      late: kind === 1 ? 120 : kind === 2 ? 2 * 24 * 60 : -30 - at,
    };
  });
}

/** What somebody hands in: which tasks are right stands in it, for the stub. */
export function sources(step: Step, { right = [] }: Pick<Somebody, 'right'>): Map<string, string> {
  const files = [...new Set(step.tasks.map(({ file }) => file))];
  return new Map(files.map((file) => [file, `// right: ${right.join(' ')}\n${step.sources.get(file)}`]));
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Writes somebody's files as a folder. */
export function writeFolder(step: Step, folder: string, one: Somebody): void {
  for (const [path, text] of sources(step, one)) write(join(folder, path), text);
}

/** Stands in for the tests of the step, which take a second for each submission: what is right is written in it. */
export async function stub(step: Step, works: readonly Work[], { onWork }: Grading = {}): Promise<Grade[]> {
  return works.map((work) => {
    const [text] = [...work.files.values()];
    const right = /^\/\/ right: ([\d ]*)/.exec(String(text))?.[1]?.split(' ').map(Number) ?? [];
    const tasks = step.tasks.map((task) => {
      const passes = right.includes(task.number);
      const outcome = { state: passes ? ('passed' as const) : ('failed' as const), passed: passes ? 2 : 1, tests: 2 };
      const story = { test: 'it is right', expected: '1', came: '2', cause: 'it is not', todo: false, answered: true };
      const groups = task.groups.map((group) => ({ ...group, ...outcome, score: passes ? group.points : 0 }));
      return {
        ...{ task, groups, ...outcome, score: passes ? task.points : 0, ungraded: 0, printed: '' },
        failed: passes ? [] : [story.test],
        ...(!passes && { story }),
      };
    });
    const one: Grade = { name: work.name, step, tasks, seed: '', isolation: '', interrupted: false, broken: false };
    onWork?.(work, one);
    return one;
  });
}
