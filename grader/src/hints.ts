import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Step } from './step/step.ts';
import { ROOT } from './step/workspace.ts';

/** Where is kept how many hints of each task were shown: with the student's work, but in no submission. */
const SHOWN = join(ROOT, 'homework', '.hints.json');

/**
 * The next hint of a task: each call gives one more, and after the last it is the first again.
 *
 * @param number - which one; without it, the next
 * @throws {Error} if there is no such task or hint
 */
export function hint(step: Step, taskNumber: number, number?: number): string {
  const task = step.tasks.find((one) => one.number === taskNumber);
  if (!task) {
    throw new Error(
      `${step.name} has no task ${taskNumber}: its tasks are ${step.tasks.map((one) => one.number).join(', ')}`,
    );
  }
  const { hints, title, file } = task;
  const shown = read();
  const key = `${step.name} ${taskNumber}`;
  const which = number ?? ((shown[key] ?? 0) % hints.length) + 1;
  const text = hints[which - 1];
  if (text === undefined) throw new Error(`task ${taskNumber} has ${hints.length} hints, and no hint ${which}`);
  if (number === undefined) remember({ ...shown, [key]: which });
  const more = which < hints.length ? 'for more, the same command again' : 'that was the last one';
  return `${step.name}, task ${taskNumber}: ${title} (${file})\nhint ${which} of ${hints.length}: ${text}\n(${more})`;
}

function remember(shown: Record<string, number>): void {
  mkdirSync(join(ROOT, 'homework'), { recursive: true });
  writeFileAtomic.sync(SHOWN, `${JSON.stringify(shown, null, 2)}\n`);
}

function read(): Record<string, number> {
  if (!existsSync(SHOWN)) return {};
  try {
    return JSON.parse(readFileSync(SHOWN, 'utf8'));
  } catch {
    return {}; // broken by hand: begin anew
  }
}
