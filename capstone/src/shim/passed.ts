import { fstatSync } from 'node:fs';
import type { Call } from 'shared-native';

/** The descriptors of this process that some calls name, the standard streams left out. */
export function descriptorsIn(calls: readonly Call[]): number[] {
  const named = calls.flatMap(({ args }) =>
    Object.values(args).flatMap((one) => (one.kind === 'integer' && one.shown === 'fd' ? [Number(one.value)] : [])),
  );
  return [...new Set(named)].filter((fd) => fd > 2 && isOpen(fd));
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
