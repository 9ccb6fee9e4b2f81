import { fail, ModelError } from '../errors.ts';

/** A variable below /proc/sys that holds whole numbers. */
export interface Variable {
  /** What it holds in a new namespace. */
  readonly usual: string;
  readonly least: bigint;
  readonly most: bigint;
}

/** A variable of one number or several: as many as it holds at first. */
export function numbers(usual: string, least = 0, most: number | bigint = 2 ** 31 - 1): Variable {
  return { usual, least: BigInt(least), most: BigInt(most) };
}

/** What a variable holds after a text was written to it: numbers that aren't named stay. @throws EINVAL */
export function assign({ least, most }: Variable, before: string, text: string): string {
  if (text === '') return before;
  const words = text.trim().split(/\s+/);
  const old = before.split('\t');
  if (words.some((word) => !/^-?\d+$/.test(word))) return fail('EINVAL');
  if (words.length > old.length) throw new ModelError('more numbers than a variable has are not modelled');
  if (words.some((word) => BigInt(word) < least || BigInt(word) > most)) fail('EINVAL');
  return [...words.map((word) => String(BigInt(word))), ...old.slice(words.length)].join('\t');
}
