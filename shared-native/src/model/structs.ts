import type { Arguments } from './arguments.ts';
import { fail, ModelError } from './errors.ts';

/**
 * The fields of a struct as the kernel reads them: it goes by their place in memory, so other names, widths or another
 * order than these make another struct.
 *
 * @param layout - the fields in the kernel's order, each with its width in bytes
 * @throws {ModelError} if the struct is another.
 */
export function fieldsOf<Name extends string>(
  args: Arguments,
  name: string,
  layout: Readonly<Record<Name, number>>,
): Readonly<Record<Name, bigint>> {
  const wanted = Object.entries<number>(layout).map(([field, bytes]) => `${field}:${bytes}`);
  const given = widths(args, name).map(([field, bytes]) => `${field}:${bytes}`);
  if (given.join() === wanted.join()) return args.struct(name) as Record<Name, bigint>;
  throw new ModelError(
    `${name} must be a struct of the fields ${wanted.join(', ')}, got ${given.join(', ') || 'none'}`,
  );
}

/** The numbers of an array, each of so many bytes. @throws {ModelError} if one has another width. */
export function numbersOf(args: Arguments, name: string, bytes: number): readonly bigint[] {
  const odd = widths(args, name).find(([, width]) => width !== bytes);
  if (odd) throw new ModelError(`${name} must be an array of numbers of ${bytes} bytes, got one of ${odd[1]}`);
  return Object.values(args.struct(name));
}

/**
 * Writes what the kernel answers to where a pointer leads; the rest of the room stays as it is.
 *
 * @throws EFAULT for a number, or a null pointer
 * @throws {ModelError} if there isn't room enough: the kernel would write beyond it.
 */
export function answerAt(args: Arguments, name: string, answer: ArrayLike<number>): number {
  const { kind } = args.of(name);
  if (kind === 'integer' || kind === 'null') return fail('EFAULT');
  const room = args.room(name);
  if (room.length < answer.length) throw new ModelError(`${name} must have room for ${answer.length} bytes`);
  room.set(answer);
  return 0;
}

/** Numbers of 16, 32 or 64 bits as they lie in memory. */
export function inMemory(numbers: Uint16Array | Int32Array | Uint32Array | BigUint64Array): Uint8Array {
  return new Uint8Array(numbers.buffer);
}

function widths(args: Arguments, name: string): readonly [string, number][] {
  const argument = args.of(name);
  if (argument.kind !== 'struct') throw new ModelError(`${name} must be a struct, not a ${argument.kind}`);
  return Object.entries(argument.fields).map(([field, { bytes }]) => [field, bytes]);
}
