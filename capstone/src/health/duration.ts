import { goDuration } from 'step-10';

/** What a flag's time comes to. @returns nanoseconds @throws {Error} in docker's words, if it is no duration of Go's */
export function nanoseconds(text: string): number {
  const time = goDuration(text);
  if (time !== undefined) return time;
  throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
}
