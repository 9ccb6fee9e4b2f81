import type { Command } from 'commander';
import { LEAST } from './checking/least.ts';
import { type Checking, checkSteps } from './command/check.ts';
import { classCommands } from './command/class-commands.ts';
import { type ClassOptions, withBook } from './command/class-options.ts';
import { type GradeOptions, gradeOne, type Where, watchOne } from './command/grade.ts';
import { list } from './command/list.ts';
import { platformCommands } from './command/platforms.ts';
import { start } from './command/start.ts';
import { secondsOf, stepNumber } from './command/words.ts';
import { hint } from './hints.ts';
import { readStep, stepNumbers } from './step/step.ts';

/** Adds the commands of `pnpm homework`. */
export function commands(program: Command): void {
  program
    .command('list [step]')
    .description('the tasks, and what they are worth')
    .action((number?: string) => list(number === undefined ? stepNumbers() : [stepNumber(number)]));
  onStep(program, 'start', "a step's tasks in a folder of your own", 'where (default: homework/step-NN)').action(
    (number: string, { dir }: Where) => start(readStep(stepNumber(number)), dir),
  );
  withBook(onStep(program, 'grade', 'runs the tests against what you wrote'))
    .option('--json', 'print results.json, as Gradescope reads it, and nothing else')
    .option('--out <folder>', 'write results.json, junit.xml and summary.md')
    .option('--all <folder>', 'a class: grades all that is in it, or in a zip, and goes on where it stopped')
    .option('--from <results...>', 'with --all: takes over what is graded there, such as by a shard that died')
    .option('--jobs <number>', 'with --all: how many at once (default: one for each processor)', Number)
    .option('--seconds <number>', "how long a task's calls may take together (default: 10)", secondsOf)
    .option(
      '--seed <seed>',
      'from which the tests make their values, as a report names it (default: one for each submission)',
    )
    .option('--shard <i/n>', 'with --all: only the i-th of n parts, for more machines than one')
    .action(async (number: string, options: GradeOptions & ClassOptions) => {
      const step = readStep(stepNumber(number));
      if (options.all === undefined) return gradeOne(step, options);
      const { gradeAll } = await import('./command/class.ts');
      return gradeAll(step, options);
    });
  onStep(program, 'watch', 'grades at every save').action((number: string, where: Where) =>
    watchOne(readStep(stepNumber(number)), where),
  );
  program
    .command('hint <step> <task> [number]')
    .description('a hint; again for the next one')
    .action((number: string, task: string, which?: string) =>
      console.log(hint(readStep(stepNumber(number)), Number(task), which === undefined ? undefined : Number(which))),
    );
  program
    .command('check [step]')
    .description('grades the grader: the reference, the start, right and wrong solutions')
    .option('--jobs <number>', 'how many test files run at once', Number)
    .option('--impostors <number>', 'how many wrong solutions each task must have', Number, LEAST.impostors)
    .option('--alternatives <number>', 'how many right ones in other words', Number, LEAST.alternatives)
    .option('--killed <percent>', 'how many mutants of the reference must lose points', Number, LEAST.killed)
    .option('--no-mutants', 'try none: there are many')
    .action((number: string | undefined, options: Checking) =>
      checkSteps(number === undefined ? stepNumbers() : [stepNumber(number)], options),
    );
  classCommands(program);
  platformCommands(program);
}

function onStep(
  program: Command,
  name: string,
  what: string,
  dir = 'your folder (default: homework/step-NN)',
): Command {
  return program.command(`${name} <step>`).description(what).option('--dir <folder>', dir);
}
