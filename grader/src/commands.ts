import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { check } from './check.ts';
import { type ClassOptions, classCommands, gradeAll } from './class/commands.ts';
import type { Whom } from './export/export.ts';
import { type Grade, grade } from './grade.ts';
import { hint } from './hints.ts';
import { gradescope, passed } from './platforms.ts';
import { results } from './report/results.ts';
import { terminal } from './report/terminal.ts';
import { addToSummary, json, writeReports } from './report/write.ts';
import { shown, writeStart } from './start.ts';
import { homeworkOf, readStep, type Step, stepNumbers } from './step.ts';
import { readFiles } from './submission.ts';
import { watch } from './watch.ts';

/** Adds the commands of `pnpm homework`. */
export function commands(program: Command): void {
  program
    .command('list [step]')
    .description('the tasks, and what they are worth')
    .action((number?: string) => list(number === undefined ? stepNumbers() : [stepNumber(number)]));
  onStep(program, 'start', "a step's tasks in a folder of your own", 'where (default: homework/step-NN)').action(
    (number: string, { dir }: Where) => start(readStep(stepNumber(number)), dir),
  );
  onStep(program, 'grade', 'runs the tests against what you wrote')
    .option('--json', 'print results.json, as Gradescope reads it, and nothing else')
    .option('--out <folder>', 'write results.json, junit.xml and summary.md')
    .option('--all <folder>', 'a class: grades each folder in it, and goes on where it stopped')
    .option('--jobs <number>', 'with --all: how many at once (default: one for each processor)', Number)
    .option('--seconds <number>', "how long a task's calls may take together (default: 10)", secondsOf)
    .option('--shard <i/n>', 'with --all: only the i-th of n parts, for more machines than one')
    .action((number: string, options: GradeOptions & ClassOptions) => {
      const step = readStep(stepNumber(number));
      return options.all === undefined ? gradeOne(step, options) : gradeAll(step, options, here, interrupted());
    });
  onStep(program, 'watch', 'grades at every save').action((number: string, { dir }: Where) =>
    watchOne(readStep(stepNumber(number)), dir),
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
    .option('--impostors <number>', 'how many wrong solutions each task must have', Number, 3)
    .action((number: string | undefined, options: Checking) =>
      checkSteps(number === undefined ? stepNumbers() : [stepNumber(number)], options),
    );
  classCommands(program, here);
  platformCommands(program);
}

/** The commands that hand a step out, and those that the platforms it is handed out on call. */
function platformCommands(program: Command): void {
  program
    .command('export <step>')
    .description('writes a folder for students, and an autograder for Gradescope')
    .option('--to <folder>', 'where to (default: homework/export/step-NN)')
    .addOption(new Option('--for <whom>', 'only one of them').choices(['students', 'gradescope']))
    .action(async (number: string, { to, for: whom }: { to?: string; for?: Whom }) => {
      const { exportStep } = await import('./export/export.ts'); // it isn't there in a folder for students
      console.log(exportStep(readStep(stepNumber(number)), here(to), whom));
    });
  program
    .command('gradescope <step> [folder]', { hidden: true })
    .action((number: string, folder = '/autograder') =>
      gradescope(readStep(stepNumber(number)), resolve(folder), interrupted()),
    );
  program
    .command('passed <step> <task>', { hidden: true })
    .option('--results <file>', '', 'results/results.json')
    .action((_number: string, task: string, { results: file }: { results: string }) => {
      const one = passed(Number(task), here(file) ?? file);
      console.log(one.output);
      process.exitCode = one.passed ? 0 : 1;
    });
}

interface Checking {
  readonly jobs?: number;
  readonly impostors: number;
}

interface GradeOptions extends Where {
  readonly json?: true;
  readonly out?: string;
  readonly seconds?: number;
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

async function gradeOne(step: Step, { dir, json: asJson, out, seconds }: GradeOptions): Promise<void> {
  const directory = workOf(step, dir);
  const one = await graded(step, directory, interrupted(), seconds);
  process.stdout.write(asJson ? json(results(one)) : terminal(one));
  if (out !== undefined) writeReports(one, here(out) ?? out);
  addToSummary(one);
  process.exitCode = one.interrupted ? 130 : one.tasks.every(({ state }) => state === 'passed') ? 0 : 1;
}

async function watchOne(step: Step, dir: string | undefined): Promise<void> {
  const directory = workOf(step, dir);
  const again = async (signal: AbortSignal) => {
    const one = await graded(step, directory, signal);
    if (signal.aborted) return;
    process.stdout.write(`${process.stdout.isTTY ? '\x1b[2J\x1b[H' : ''}${terminal(one)}`);
    console.log('waiting for you to save; Ctrl-C ends');
  };
  await watch(directory, again, interrupted());
  process.exitCode = 0; // vitest's own says that some tests failed
}

async function graded(step: Step, directory: string, signal: AbortSignal, seconds?: number): Promise<Grade> {
  const grading = { signal, ...(seconds !== undefined && { seconds }) };
  const [one] = await grade(step, [{ name: directory, files: readFiles(step, directory) }], grading);
  return one as Grade;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds < 3600) return seconds;
  throw new InvalidArgumentError('expected a number of seconds, such as 30');
}

/** A student's folder. @throws {Error} if there is none */
function workOf(step: Step, dir: string | undefined): string {
  const directory = here(dir) ?? homeworkOf(step);
  if (existsSync(directory)) return directory;
  throw new Error(`there is no ${shown(directory)}: make it with pnpm homework start ${step.number}`);
}

/** The first Ctrl-C, or SIGTERM: what is graded by then is reported. The second ends at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function checkSteps(numbers: readonly number[], { jobs, impostors }: Checking): Promise<void> {
  let failed = false;
  for (const step of numbers.map((number) => readStep(number))) {
    console.log(step.name);
    for (const { name, wrong } of await check(step, impostors, jobs)) {
      console.log(`  ${wrong.length === 0 ? '✓' : '✗'} ${name}`);
      for (const one of wrong) console.log(`      ${one}`);
      failed ||= wrong.length > 0;
    }
  }
  process.exitCode = failed ? 1 : 0; // vitest's own says that some tests failed, as they had to
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
