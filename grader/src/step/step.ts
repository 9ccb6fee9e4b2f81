import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Declared, declared, type Group } from './declared.ts';
import { type Region, regions } from './regions.ts';
import { ROOT } from './workspace.ts';

/** A piece of homework: a region of a step's source, and what its tests declare. */
export interface Task {
  readonly number: number;
  readonly title: string;
  /** Where its region is, such as `src/sizes.ts`. */
  readonly file: string;
  /** The exported function whose body it is. */
  readonly function: string;
  readonly points: number;
  /** None, if its points come all or not at all. */
  readonly groups: readonly Group[];
  readonly hints: readonly string[];
  /** The test file that declares it, such as `test/sizes.test.ts`. */
  readonly tests: string;
}

/** A step as the grader sees it. */
export interface Step {
  readonly number: number;
  /** `step-03`. */
  readonly name: string;
  readonly directory: string;
  /** Its sources by path, such as `src/sizes.ts`. */
  readonly sources: ReadonlyMap<string, string>;
  /** By number. */
  readonly tasks: readonly Task[];
}

/** The numbers of all steps that there are. */
export function stepNumbers(root = ROOT): number[] {
  return globSync('steps/[0-9][0-9]-*/src/main.ts', { cwd: root })
    .map((path) => Number.parseInt(path.slice('steps/'.length), 10))
    .sort((a, b) => a - b);
}

/** Reads a step's sources and tests. @throws {Error} if there is no such step, or region and tests don't agree */
export function readStep(number: number, root = ROOT): Step {
  const name = `step-${String(number).padStart(2, '0')}`;
  const [folder] = globSync(`steps/${name.slice('step-'.length)}-*`, { cwd: root });
  if (folder === undefined) {
    throw new Error(`there is no step ${number}; there are ${stepNumbers(root).join(', ')}`);
  }
  const directory = join(root, folder);
  const paths = globSync('src/**/*.ts', { cwd: directory }).sort();
  const sources = new Map(paths.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
  const found = [...sources].flatMap(([file, source]) => regions(source).map((region) => ({ file, region })));
  const worth = globSync('test/**/*.test.ts', { cwd: directory }).flatMap((tests) =>
    worthOf(join(directory, tests)).map((one) => ({ tests, ...one })),
  );
  return { number, name, directory, sources, tasks: joined(found, worth, name) };
}

function joined(
  found: readonly { file: string; region: Region }[],
  worth: readonly (Declared & { tests: string })[],
  step: string,
): Task[] {
  const numbers = [...new Set([...found.map(({ region }) => region.task), ...worth.map(({ task }) => task)])];
  return numbers
    .sort((a, b) => a - b)
    .map((number) => {
      const [one, ...others] = found.filter(({ region }) => region.task === number);
      const [tests, ...more] = worth.filter(({ task }) => task === number);
      if (!one || others.length > 0) throw new Error(`${step}: expected one "#region task ${number}" in src`);
      if (!tests || more.length > 0) throw new Error(`${step}: expected one task(${number}, …) among the tests`);
      const { region, file } = one;
      const { points, groups, hints } = tests;
      return {
        number,
        title: region.title,
        file,
        function: region.function,
        points,
        groups,
        hints,
        tests: tests.tests,
      };
    });
}

function worthOf(file: string): Declared[] {
  const source = readFileSync(file, 'utf8');
  return /\btask\(/.test(source) ? declared(source, relative(ROOT, file)) : [];
}
