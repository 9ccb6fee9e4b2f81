import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { readRoster } from '../class/book/roster.ts';
import type { Book } from '../class/book.ts';
import { gradeClass, told } from '../class/class.ts';
import { courseCsv, readPart, termsBy } from '../class/course.ts';
import { merge } from '../class/merge.ts';
import { NO_RULES, readClassFile, rulesOf } from '../class/rules/class-file.ts';
import { instantOf } from '../class/rules/units.ts';
import { shardOf } from '../class/shard.ts';
import { readStep, type Step } from '../step/step.ts';
import { ROOT, shown } from '../step/workspace.ts';
import type { BookOptions, ClassOptions } from './class-options.ts';
import { interrupted } from './interrupted.ts';
import { here, stepNumber } from './words.ts';

/** `pnpm homework grade 3 --all submissions` */
export async function gradeAll(step: Step, options: ClassOptions): Promise<void> {
  const { all = '.', out, jobs = availableParallelism(), shard, seconds, seed, from = [] } = options;
  if (!(jobs >= 1)) throw new Error('expected --jobs to be a number of at least 1');
  const part = shard === undefined ? undefined : shardOf(shard);
  const name = part ? `${step.name}-${part.index}-of-${part.count}` : step.name;
  const folder = (out !== undefined && here(out)) || join(ROOT, 'homework/results', name);
  const grading = {
    out: folder,
    jobs: Math.floor(jobs),
    signal: interrupted(),
    book: bookOf(step, options),
    from: from.map((one) => here(one) ?? one),
    ...(part && { shard: part }),
    ...(seconds !== undefined && { seconds }),
    ...(seed !== undefined && { seed }),
  };
  const graded = await gradeClass(step, here(all) ?? all, grading);
  console.log(told(graded, grading.out));
  process.exitCode = graded.left > 0 ? 130 : 0;
}

function bookOf(step: Step, { roster = [], class: file, column, why, anonymous, now }: BookOptions): Book {
  const rules = file === undefined ? NO_RULES : readClassFile(here(file) ?? file, step);
  return {
    roster: readRoster(
      roster.map((path) => here(path) ?? path),
      rules.timezone,
    ),
    rules,
    now: now === undefined ? Date.now() : instantOf(now, rules.timezone),
    ...(column !== undefined && { column }),
    ...(why !== undefined && { why }),
    ...(anonymous !== undefined && { anonymous: here(anonymous) ?? anonymous }),
  };
}

/** `pnpm homework merge one two --out class` */
export function mergeAll(folders: readonly string[], { out, ...options }: BookOptions & { out: string }): void {
  const to = here(out) ?? out;
  const paths = folders.map((folder) => here(folder) ?? folder);
  const { entries, notes } = merge(paths, to, (name) => {
    const step = readStep(stepNumber(name));
    return { step, book: bookOf(step, options) };
  });
  for (const note of notes) console.log(note);
  console.log(`${entries.length} students: ${shown(to)}/index.html and ${shown(to)}/grades.csv`);
}

/** `pnpm homework course results/step-01 results/step-02 --out course.csv` */
export function gradeCourse(folders: readonly string[], { class: file, out }: { class?: string; out: string }): void {
  const now = Date.now();
  const termsOf = (name: string) => {
    const step = readStep(stepNumber(name));
    const rules = file === undefined ? NO_RULES : readClassFile(here(file) ?? file, step);
    return termsBy(rulesOf(rules, step), step.number, now);
  };
  const parts = folders.map((folder) => readPart(here(folder) ?? folder, termsOf));
  const to = here(out) ?? out;
  writeFileAtomic.sync(to, courseCsv(parts));
  console.log(`${parts.map(({ step, weight }) => `${step} (weight ${weight})`).join(', ')}: ${shown(to)}`);
}
