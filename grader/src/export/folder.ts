import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { startOf } from '../start.ts';
import type { Step } from '../step/step.ts';
import { ROOT, shown } from '../step/workspace.ts';
import { lessonOf } from './lesson.ts';

/** All of a student's folder in a clone of the course, by path: the step's start, and its lesson without solutions. */
export function folderOf(step: Step, directory: string): Map<string, string> {
  const files = startOf(step, directory);
  files.set('package.json', `${JSON.stringify(packageOf(step), null, 2)}\n`);
  files.set('tsconfig.json', `${JSON.stringify(tsconfigOf(directory), null, 2)}\n`);
  files.set('README.md', `${readme(step, shown(directory))}\n${lessonOf(step, files, directory)}`);
  return files;
}

/** Writes it to a new folder. @throws {Error} if there is something already: it may be a student's work */
export function writeStart(step: Step, directory: string): void {
  if (existsSync(directory)) {
    throw new Error(
      `${shown(directory)} is there already, and may hold your work: go on in it, move it away, or name another folder with --dir`,
    );
  }
  for (const [path, text] of folderOf(step, directory)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const modules = join(step.directory, 'node_modules');
  symlinkSync(relative(directory, modules), join(directory, 'node_modules'));
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

function readme({ number, name, tasks }: Step, here: string): string {
  const rows = tasks.map(({ number: task, title, points, file }) => `| ${task} | ${title} | ${points} | ${file} |`);
  return `# Homework: ${name}

Write the functions that throw a Todo; what they have to do stands above them, and why, in the lesson below. Other files
of this folder are here to be read. What counts is the functions of the table, and files that you add: each task is graded
by itself, with the reference around it. So you can begin with any of them.

| task | what | points | file |
| ---- | ---- | ------ | ---- |
${rows.join('\n')}

\`\`\`sh
pnpm homework watch ${number}       # grades at every save
pnpm homework grade ${number}       # grades once
pnpm homework hint ${number} 1      # a hint for task 1; again for the next one
node ${here}/src/main.ts --help     # your container, with what you have so far
\`\`\`

---
`;
}
