/** The vitest tag of a task's tests: `vitest --tags-filter task-2`. */
export function tag(task: number): string {
  return `task-${task}`;
}

/** The tags of all tasks: vitest wants to know every tag beforehand. */
export const TAGS = Array.from({ length: 9 }, (_, index) => ({ name: tag(index + 1) }));
