import { withBodies } from './step/regions.ts';
import type { Step } from './step/step.ts';
import { shown } from './step/workspace.ts';

/**
 * A step's sources as a student gets them, in which every task throws a Todo that names the file to edit.
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
  return files;
}

/** Without the blank lines that keep other bodies' line numbers. */
function tidy(source: string): string {
  return source.replaceAll(/(throw new Todo\(.*\);\n)\n+/g, '$1');
}

function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}
