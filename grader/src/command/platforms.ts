import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Whom } from '../export/export.ts';
import { passed } from '../platforms/classroom.ts';
import { readStep } from '../step/step.ts';
import { interrupted } from './interrupted.ts';
import { here, stepNumber } from './words.ts';

/** Adds the commands that hand a step out, and those that the platforms it is handed out on call. */
export function platformCommands(program: Command): void {
  program
    .command('export <step>')
    .description('writes a folder for students, and an autograder for Gradescope')
    .option('--to <folder>', 'where to (default: homework/export/step-NN)')
    .addOption(new Option('--for <whom>', 'only one of them').choices(['students', 'gradescope']))
    .option('--class <file>', 'a class.yml: the points and when they are shown, for Gradescope')
    .action(async (number: string, { to, for: whom, class: rules }: { to?: string; for?: Whom; class?: string }) => {
      const { exportStep } = await import('../export/export.ts'); // it isn't there in a folder for students
      console.log(exportStep(readStep(stepNumber(number)), here(to), whom, here(rules)));
    });
  program
    .command('gradescope <step> [folder]', { hidden: true })
    .action(async (number: string, folder = '/autograder') => {
      const { gradescope } = await import('../platforms/gradescope.ts');
      await gradescope(readStep(stepNumber(number)), resolve(folder), interrupted());
    });
  program
    .command('passed <step> <task>', { hidden: true })
    .option('--results <file>', '', 'results/results.json')
    .action((_number: string, task: string, { results: file }: { results: string }) => {
      const one = passed(task, here(file) ?? file);
      console.log(one.output);
      process.exitCode = one.passed ? 0 : 1;
    });
}
