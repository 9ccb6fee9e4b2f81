import type { Line } from './types.ts';

/** The calls, the deed or the namespace that a line stands for. */
const made = new WeakMap<Line, readonly unknown[]>();

/** Remembers what a line stands for. */
export function standingFor<L extends Line>(line: L, of: readonly unknown[]): L {
  made.set(line, of);
  return line;
}

/** What a line stands for; nothing for what every start does. */
export function madeOf(line: Line | undefined): readonly unknown[] {
  return (line && made.get(line)) ?? [];
}
