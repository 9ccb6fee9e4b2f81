import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { json } from '../report/write.ts';
import { startOf } from '../start.ts';
import { readStep, type Step, stepNumbers } from '../step/step.ts';
import { ROOT } from '../step/workspace.ts';
import { classroom } from './classroom.ts';
import { assertEmpty, copy, sharedTests, write } from './copy.ts';
import { lessonOf, relinked } from './lesson.ts';

/** What students need to install: the tests' means, and what ./boxstep starts quickly by. */
const NEEDED = ['@types/node', 'esbuild', 'grader', 'node', 'tsx', 'typescript', 'vitest'];

/**
 * Writes a folder to hand to students: a workspace of its own with the steps before, which they may read, the start of
 * this one, its tests and hints, and the grader. The reference of this step and the later steps aren't in it.
 */
export function exportForStudents(step: Step, folder: string): void {
  assertEmpty(folder);
  const place = relative(ROOT, step.directory);
  const earlier = stepNumbers().filter((number) => number < step.number);
  const packages = ['shared-native', ...earlier.map((number) => relative(ROOT, readStep(number).directory))];
  copy(['LICENSE', 'tsconfig.json', 'pnpm-workspace.yaml', 'boxstep'], folder);
  copy(['scripts/setup.mjs', 'scripts/{setup,cold-start}/**'], folder);
  copy(['scripts/homework.ts', ...sharedTests(step), 'grader/src/**'], folder, [
    'grader/src/export/**',
    'grader/src/isolation/{container,process}.ts', // they are made of steps that a student hasn't got
  ]);
  copy(
    packages.flatMap((path) => [`${path}/package.json`, `${path}/README.md`, `${path}/src/**`, `${path}/pictures/**`]),
    folder,
  );
  copy([`${place}/package.json`, `${place}/pictures/**`, `${place}/test/**`], folder, [
    `${place}/test/**/*.e2e.test.ts`,
    `${place}/test/{impostors,alternatives}/**`,
    `${place}/test/equivalents.json`,
  ]);
  const start = startOf(step, step.directory);
  for (const [path, source] of start) write(folder, join(place, path), source);
  for (const name of ['container.ts', 'process.ts']) {
    write(folder, `grader/src/isolation/${name}`, template(`${name}.txt`));
  }
  write(folder, '.gitignore', 'node_modules/\nhomework/\nresults/\n');
  write(folder, 'README.md', readme(step, place));
  write(folder, '.github/workflows/classroom.yml', classroom(step));
  const manifests = manifestsOf(step, place);
  for (const [path, manifest] of Object.entries(manifests)) write(folder, join(path, 'package.json'), json(manifest));
  write(folder, 'pnpm-lock.yaml', lockOf(manifests, [...packages, place]));
  write(folder, join(place, 'README.md'), lesson(step, start, folder));
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** The package.json files that aren't as they are here: by folder. */
function manifestsOf({ name, number }: Step, place: string): Record<string, Manifest> {
  const root = manifestOf('.');
  const grader = manifestOf('grader');
  const homework = 'node scripts/setup.mjs run homework';
  return {
    '.': {
      name: `homework-${name}`,
      ...{ version: '0.1.0', private: true, license: root.license, type: 'module' },
      scripts: {
        start: `node scripts/setup.mjs start`,
        test: `${homework} grade ${number}`,
        grade: `${homework} grade ${number}`,
        watch: `${homework} watch ${number}`,
        hint: `${homework} hint ${number}`,
        passed: `${homework} passed ${number}`,
        setup: 'node scripts/setup.mjs install',
      },
      config: { ...(root.config as object), homework: place },
      devDependencies: only(root.devDependencies, (dependency) => NEEDED.includes(dependency)),
    },
    grader: { ...grader, dependencies: only(grader.dependencies, (dependency) => !/^step-\d+$/.test(dependency)) },
  };
}

function manifestOf(place: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, place, 'package.json'), 'utf8'));
}

function only(all: Readonly<Record<string, string>> = {}, keep: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => keep(name)));
}

interface Lock {
  importers: Record<string, Record<string, Record<string, unknown>>>;
}

/** The lock file without the packages that aren't handed out, and without what those had of others. */
function lockOf(manifests: Readonly<Record<string, Manifest>>, packages: readonly string[]): string {
  const lock = parse(readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')) as Lock;
  const kept = ['.', 'grader', ...packages].map((path) => {
    const { dependencies, devDependencies } = manifests[path] ?? manifestOf(path);
    const names = Object.keys({ ...dependencies, ...devDependencies });
    const kinds = Object.entries(lock.importers[path] ?? {}).map(([kind, list]) => [
      kind,
      Object.fromEntries(Object.entries(list).filter(([name]) => names.includes(name))),
    ]);
    return [path, Object.fromEntries(kinds)];
  });
  return stringify({ ...lock, importers: Object.fromEntries(kept) }, { lineWidth: 0 });
}

/** The lesson, in which the commands are those of this folder, and links lead to what is in it. */
function lesson(step: Step, start: ReadonlyMap<string, string>, folder: string): string {
  const text = lessonOf(step, start, step.directory);
  const place = relative(ROOT, step.directory);
  return relinked(text, (target) => (existsSync(join(folder, place, target)) ? target : undefined)).replaceAll(
    /pnpm homework (grade|watch|hint) \d+/g,
    'npm run $1',
  );
}

function template(name: string): string {
  return readFileSync(join(import.meta.dirname, 'templates', name), 'utf8');
}

function readme({ number, name, tasks }: Step, place: string): string {
  const rows = tasks.map(
    ({ number: task, title, points, file }) =>
      `| ${task} | ${title} | ${points} | [${place}/${file}](${place}/${file}) |`,
  );
  return `# Homework: ${name}

The lesson is [${place}/README.md](${place}/README.md). Write the functions that throw a Todo; what they have to do stands above
them. The steps before this one are complete, in [steps](steps): your code is built on them.

| task | what | points | file |
| ---- | ---- | ------ | ---- |
${rows.join('\n')}

You need Linux, Node 18 or later, and npm. The first command installs the rest.

\`\`\`sh
npm run grade          # the points, and the story of what failed: 0 until you have written something
npm run watch          # the same at every save
npm run hint 1         # a hint for task 1; again for the next one
sudo ./boxstep ${number} run sh   # your container, with what you have so far
\`\`\`

Hand in this folder, or only \`${place}/src\`. Of it, the files of the table are graded, each task by itself, with the
right solution around it. Here it is your own code around it, so a task may fail for another one's mistake: begin with
the first.
`;
}
