import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { withBodies } from './step/regions.ts';
import type { Step } from './step/step.ts';
import { ROOT, shown } from './step/workspace.ts';

/**
 * A step as a student gets it: its sources, in which every task throws a Todo that names the file to edit.
 *
 * @param directory - where it will be, which the messages name
 * @returns the files by path; nothing is written
 */
export function startOf(step: Step, directory: string): Map<string, string> {
  const here = shown(directory);
  const files = new Map<string, string>();
  for (const [path, source] of step.sources) {
    const started = withBodies(source, ({ task, title }) => {
      const message = `task ${task}: ${title}: edit ${here}/${path}`;
      return `  throw new Todo(${quoted(message)});`;
    });
    files.set(path, started === source ? source : `import { Todo } from 'grader/todo';\n${tidy(started)}`);
  }
  files.set('package.json', `${JSON.stringify(packageOf(step), null, 2)}\n`);
  files.set('tsconfig.json', `${JSON.stringify(tsconfigOf(directory), null, 2)}\n`);
  files.set('README.md', readme(step, here));
  return files;
}

/** Writes a step's start to a new folder. @throws {Error} if there is something already: it may be a student's work */
export function writeStart(step: Step, directory: string): void {
  if (existsSync(directory)) {
    throw new Error(
      `${shown(directory)} is there already, and may hold your work: go on in it, move it away, or name another folder with --dir`,
    );
  }
  for (const [path, text] of startOf(step, directory)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const modules = join(step.directory, 'node_modules');
  symlinkSync(relative(directory, modules), join(directory, 'node_modules'));
}

/** Without the blank lines that keep other bodies' line numbers. */
function tidy(source: string): string {
  return source.replaceAll(/(throw new Todo\(.*\);\n)\n+/g, '$1');
}

function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

function packageOf({ name }: Step) {
  return { name: `homework-${name}`, private: true, type: 'module', exports: './src/index.ts' };
}

function tsconfigOf(directory: string) {
  return {
    extends: relative(directory, join(ROOT, 'tsconfig.json')),
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['src'],
  };
}

function readme({ number, name, directory, tasks }: Step, here: string): string {
  const lesson = shown(directory);
  const rows = tasks.map(({ number: task, title, points, file }) => `| ${task} | ${title} | ${points} | ${file} |`);
  return `# Homework: ${name}

The lesson is ${lesson}/README.md. Write the functions that throw a Todo; what they have to do stands above them.
Other files of this folder are here to be read: only those of the table are graded, and each task by itself, with the
reference around it. So you can begin with any of them.

| task | what | points | file |
| ---- | ---- | ------ | ---- |
${rows.join('\n')}

\`\`\`sh
pnpm homework watch ${number}       # grades at every save
pnpm homework grade ${number}       # grades once
pnpm homework hint ${number} 1      # a hint for task 1; again for the next one
node ${here}/src/main.ts --help     # your container, with what you have so far
\`\`\`
`;
}
