import { readFileSync } from 'node:fs';
import { say } from 'step-04';

/** A file of ours that isn't as we wrote it: a full disk has cut it short, or somebody has changed it. */
export class Spoiled extends Error {
  override readonly name = 'Spoiled';

  readonly path: string;

  constructor(path: string, why: string, advice: string) {
    super(`${path} can't be used: ${why.split('\n')[0]}; ${advice}`);
    this.path = path;
  }
}

/** What a field must be. */
type Kind = 'string' | 'number' | 'object' | 'array';

/**
 * Reads a file of ours, as JSON.
 *
 * @param fields - what it says at least
 * @param advice - what to do if it doesn't
 * @returns undefined if there is no such file
 * @throws {Spoiled} that names it
 * @throws {Error} the system's, if it may be as it was
 */
export function readState<T>(path: string, fields: Readonly<Record<string, Kind>>, advice: string): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined;
    throw asSpoiled(path, error as Error, advice);
  }
  const lacks = Object.entries(fields).find(
    ([name, kind]) => kindOf((value as Record<string, unknown>)?.[name]) !== kind,
  );
  if (lacks) throw new Spoiled(path, `it has no ${lacks[0]}`, advice);
  return value as T;
}

/**
 * Why a file of ours couldn't be read: it is spoiled, unless the error is the reader's own, who has too many files open, say,
 * or may not read it. Then nobody should be told to remove it.
 */
export function asSpoiled(path: string, error: NodeJS.ErrnoException, advice: string): Error {
  return READERS.includes(error.code ?? '') ? error : new Spoiled(path, error.message, advice);
}

const READERS = ['EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOMEM'];

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

const said = new Set<string>();

/** What `look` finds, where others are looked at, too: of a spoiled file it says so, once, and goes on without it. */
export function unlessSpoiled<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Spoiled)) throw error;
    if (!said.has(error.path)) say(error.message);
    said.add(error.path);
    return undefined;
  }
}
