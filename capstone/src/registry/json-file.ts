import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A file's text; undefined if there's none, and needn't be one. */
export function textIn(file: string, mustBe = false): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !mustBe) return undefined;
    throw error;
  }
}

/** What the text of a file, or of a program, says: JSON of a kind. @throws {Error} that says what is wrong in it */
export function parseFile<T extends z.ZodType>(schema: T, from: string, text: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${from} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [{ path, message } = { path: [], message: '' }] = error.issues;
  throw new Error(`${from} isn't as it must be: ${[path.join('.'), message].filter(Boolean).join(': ')}`);
}
