import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { gradeClass, told } from '../class/class.ts';
import { merge } from '../class/merge.ts';
import { shardOf } from '../class/shard.ts';
import type { Step } from '../step/step.ts';
import { ROOT, shown } from '../step/workspace.ts';
import { interrupted } from './interrupted.ts';
import { here } from './words.ts';

export interface ClassOptions {
  readonly all?: string;
  readonly out?: string;
  readonly jobs?: number;
  readonly shard?: string;
  readonly seconds?: number;
  readonly seed?: string;
}

/** `pnpm homework grade 3 --all submissions` */
export async function gradeAll(step: Step, options: ClassOptions): Promise<void> {
  const { all = '.', out, jobs = availableParallelism(), shard, seconds, seed } = options;
  if (!(jobs >= 1)) throw new Error('expected --jobs to be a number of at least 1');
  const part = shard === undefined ? undefined : shardOf(shard);
  const name = part ? `${step.name}-${part.index}-of-${part.count}` : step.name;
  const folder = (out !== undefined && here(out)) || join(ROOT, 'homework/results', name);
  const grading = {
    out: folder,
    jobs: Math.floor(jobs),
    signal: interrupted(),
    ...(part && { shard: part }),
    ...(seconds !== undefined && { seconds }),
    ...(seed !== undefined && { seed }),
  };
  const graded = await gradeClass(step, here(all) ?? all, grading);
  console.log(told(graded, grading.out));
  process.exitCode = graded.left > 0 ? 130 : 0;
}

/** Adds `merge`, which joins what `grade --all` left. */
export function classCommands(program: Command): void {
  program
    .command('merge <results...>')
    .description('joins the results of all shards of a class')
    .requiredOption('--out <folder>', 'where to')
    .action((folders: string[], { out }: { out: string }) => {
      const to = here(out) ?? out;
      const rows = merge(
        folders.map((folder) => here(folder) ?? folder),
        to,
      );
      console.log(`${rows.length} students: ${shown(to)}/index.html and ${shown(to)}/grades.csv`);
    });
}
