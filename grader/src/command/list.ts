import { readStep } from '../step/step.ts';

/** Prints the tasks of steps, and what they are worth. */
export function list(numbers: readonly number[]): void {
  for (const { name, tasks } of numbers.map((number) => readStep(number))) {
    const total = tasks.reduce((all, { points }) => all + points, 0);
    console.log(`${name}: ${tasks.length} tasks, ${total} points`);
    for (const { number, title, points, file } of tasks) {
      console.log(`  task ${number}  ${title.padEnd(28)} ${String(points).padStart(3)}  ${file}`);
    }
  }
}
