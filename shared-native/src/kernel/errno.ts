import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** Error numbers by name (errno(3)). */
export const ERRNO: Readonly<Record<string, number>> = constants.errno;

const NAMES = new Map(Object.entries(ERRNO).map(([name, number]) => [number, name]));
NAMES.set(ERRNO.EAGAIN as number, 'EAGAIN'); // also EWOULDBLOCK
NAMES.set(ERRNO.EOPNOTSUPP as number, 'EOPNOTSUPP'); // also ENOTSUP

/** The name of an error number: `errnoName(2)` is `ENOENT`. */
export function errnoName(number: number): string {
  return NAMES.get(number) ?? `errno ${number}`;
}

/** What the C library says of an error, such as "no such file or directory". */
export function errnoText(name: string): string {
  return getSystemErrorMap().get(-(ERRNO[name] ?? 0))?.[1] ?? 'an error that has no name here';
}
