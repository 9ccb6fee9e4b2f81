import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBodies } from '../../src/step/regions.ts';
import type { Step } from '../../src/step/step.ts';
import { ROOT } from '../../src/step/workspace.ts';

/** Something that a submission tries, and what the report is to say of it. */
export interface Attack {
  readonly name: string;
  /** In words: the file's first line. */
  readonly what: string;
  /** The file's second line. */
  readonly told: RegExp;
  /** Is it one on files, processes, memory, the network: on what isn't JavaScript? */
  readonly outward: boolean;
  /** Of whole files: all that there is. Otherwise the body of a task. */
  readonly whole: boolean;
  readonly source: string;
}

const SUBMISSIONS = join(import.meta.dirname, 'submissions');

export const attacks: readonly Attack[] = readdirSync(SUBMISSIONS).map((file) => {
  const [first = '', second = '', ...lines] = readFileSync(join(SUBMISSIONS, file), 'utf8').split('\n');
  const [, whole, what = ''] = /^\/\/ (whole file: )?(.*)/.exec(first) ?? [];
  return {
    name: file.replace('.ts', ''),
    what,
    told: new RegExp(second.replace('// told: ', '')),
    outward: /tried to|memory|EPERM|killed/.test(second),
    whole: whole !== undefined,
    source: lines.join('\n').replaceAll('@ROOT', ROOT).replaceAll('@SUBMISSIONS', SUBMISSIONS),
  };
});

/** The tasks of step 03 that are attacked; the others are the reference's, and keep their points. */
export const ATTACKED = [2, 3, 4];

/** A submission with an attack in each of these tasks. */
export interface Attacked {
  readonly name: string;
  /** In the order of ATTACKED. */
  readonly attacks: readonly Attack[];
  readonly files: ReadonlyMap<string, string>;
}

/**
 * As few submissions as hold all attacks.
 *
 * @param apart - only those that a container withstands in another way than a process without one
 */
export function submissions(step: Step, apart = false): Attacked[] {
  const chosen = attacks.filter((attack) => !apart || attack.outward);
  return Array.from({ length: Math.ceil(chosen.length / ATTACKED.length) }, (_, index) => {
    const mine = chosen.slice(index * ATTACKED.length, (index + 1) * ATTACKED.length);
    const files = new Map(step.sources);
    for (const [place, attack] of mine.entries()) {
      const task = step.tasks.find(({ number }) => number === ATTACKED[place]);
      if (task) files.set(task.file, attack.whole ? attack.source : written(step, task, attack.source));
    }
    return { name: mine.map(({ name }) => name).join(', '), attacks: mine, files };
  });
}

function written(step: Step, { file, number }: Step['tasks'][number], body: string): string {
  return withBodies(step.sources.get(file) ?? '', ({ task }) => (task === number ? body : undefined));
}
