import type { GAP } from './frames.ts';
import { type Line, type Lines, lines, linesOf } from './lines.ts';
import { framesOf, type Position } from './read.ts';
import { type Start, startsOf } from './starts.ts';

/** The last lines of a log, and what a reader who follows it goes on with. */
export interface Tail {
  /** As many as were asked for at the most, gaps included. */
  readonly last: readonly (Line | typeof GAP)[];
  readonly made: Lines;
  readonly end: Position | undefined;
}

// #region the last lines
/**
 * The last lines of a log: read from a place near its end on, and if these are too few, from one further away.
 *
 * @param goesOn - may a line that has begun go on? Otherwise it is one of the last
 * @param starts - places to begin at; the last is the beginning of the log
 */
export async function tail(
  path: string,
  number: number,
  goesOn: boolean,
  starts: Iterable<Start> = startsOf(path),
): Promise<Tail> {
  let found: Tail | undefined;
  for (const start of starts) {
    found = await readFrom(path, start, number, goesOn);
    if (found.last.length === number) break;
  }
  return found as Tail;
}
// #endregion

async function readFrom(path: string, { from, begun }: Start, number: number, goesOn: boolean): Promise<Tail> {
  const made = lines(begun);
  const kept: (Line | typeof GAP)[] = [];
  const reading = framesOf(path, from ? { from } : {});
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) {
    for (const line of linesOf(step.value, made)) kept.push(line); // one by one: a frame can have a million
    if (kept.length > 2 * number + 1024) kept.splice(0, kept.length - number);
  }
  if (!goesOn) kept.push(...made.rest());
  return { last: number === 0 ? [] : kept.slice(-number), made, end: step.value };
}
