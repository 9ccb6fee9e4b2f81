import { fstatSync } from 'node:fs';
import type { Argument, Call } from 'shared-native';

/** Two of the shim's own: others take copies of them, to write to the container, and to signal it. */
export const INPUT = 0;
export const CONTAINER = 2;

/** The descriptors of this process that some calls name, the standard streams left out. */
export function descriptorsIn(calls: readonly Call[]): number[] {
  const named = calls.flatMap(({ args }) => Object.values(args).flatMap(namedBy));
  return [...new Set(named)].filter((fd) => fd > 2 && isOpen(fd));
}

function namedBy(argument: Argument): number[] {
  if (argument.kind === 'struct') return Object.values(argument.fields).flatMap(({ value }) => namedBy(value));
  return argument.kind === 'integer' && argument.shown === 'fd' ? [Number(argument.value)] : [];
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
