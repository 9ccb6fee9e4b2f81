import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { check } from './check.ts';
import { grade } from './grade.ts';
import { hint } from './hints.ts';
import { terminal } from './report/terminal.ts';
import { shown, writeStart } from './start.ts';
import { homeworkOf, readStep, type Step, stepNumbers } from './step.ts';
import { readFiles } from './submission.ts';

/** Adds the commands of `pnpm homework`. */
export function commands(program: Command): void {
  program
    .command('list [step]')
    .description('the tasks, and what they are worth')
    .action((number?: string) => list(number === undefined ? stepNumbers() : [stepNumber(number)]));
  onStep(program, 'start', "a step's tasks in a folder of your own", 'where (default: homework/step-NN)').action(
    (number: string, { dir }: Where) => start(readStep(stepNumber(number)), dir),
  );
  onStep(program, 'grade', 'runs the tests against what you wrote').action((number: string, { dir }: Where) =>
    gradeOne(readStep(stepNumber(number)), dir),
  );
  program
    .command('hint <step> <task> [number]')
    .description('a hint; again for the next one')
    .action((number: string, task: string, which?: string) =>
      console.log(hint(readStep(stepNumber(number)), Number(task), which === undefined ? undefined : Number(which))),
    );
  program
    .command('check [step]')
    .description('grades the grader: the reference, the start, and wrong solutions')
    .option('--jobs <number>', 'how many test files run at once', Number)
    .option('--impostors <number>', 'how many wrong solutions each task must have', Number, 1)
    .action((number: string | undefined, options: Checking) =>
      checkSteps(number === undefined ? stepNumbers() : [stepNumber(number)], options),
    );
}

interface Checking {
  readonly jobs?: number;
  readonly impostors: number;
}

interface Where {
  readonly dir?: string;
}

function onStep(
  program: Command,
  name: string,
  what: string,
  dir = 'your folder (default: homework/step-NN)',
): Command {
  return program.command(`${name} <step>`).description(what).option('--dir <folder>', dir);
}

function list(numbers: readonly number[]): void {
  for (const { name, tasks } of numbers.map((number) => readStep(number))) {
    const total = tasks.reduce((all, { points }) => all + points, 0);
    console.log(`${name}: ${tasks.length} tasks, ${total} points`);
    for (const { number, title, points, file } of tasks) {
      console.log(`  task ${number}  ${title.padEnd(28)} ${String(points).padStart(3)}  ${file}`);
    }
  }
}

function start(step: Step, dir: string | undefined): void {
  const directory = here(dir) ?? homeworkOf(step);
  writeStart(step, directory);
  console.log(`${shown(directory)} is yours. Begin with ${shown(directory)}/README.md, and in a second window:`);
  console.log(`  pnpm homework watch ${step.number}`);
}

async function gradeOne(step: Step, dir: string | undefined): Promise<void> {
  const directory = here(dir) ?? homeworkOf(step);
  const [one] = await grade(step, [{ name: directory, files: readFiles(step, directory) }]);
  if (one) console.log(terminal(one));
}

async function checkSteps(numbers: readonly number[], { jobs, impostors }: Checking): Promise<void> {
  for (const step of numbers.map((number) => readStep(number))) {
    console.log(step.name);
    for (const { name, wrong } of await check(step, impostors, jobs)) {
      console.log(`  ${wrong.length === 0 ? '✓' : '✗'} ${name}`);
      for (const one of wrong) console.log(`      ${one}`);
      if (wrong.length > 0) process.exitCode = 1;
    }
  }
}

/** A folder as it was typed: where pnpm was called, when pnpm calls us. */
function here(dir: string | undefined): string | undefined {
  return dir === undefined ? undefined : resolve(process.env.INIT_CWD ?? process.cwd(), dir);
}

function stepNumber(text: string): number {
  const number = Number(text.replace(/^step-/, ''));
  if (!Number.isInteger(number))
    throw new InvalidArgumentError(`expected the number of a step, such as 3, got "${text}"`);
  return number;
}
