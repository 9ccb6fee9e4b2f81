import type { SyscallError } from 'shared-native';
import { CPU_SECONDS, NOBODY, NOT_STARTED } from './place.ts';

/** Why a process never began, in words. */
export function notStarted({ call, code, meaning }: SyscallError): string {
  return `${NOT_STARTED}: ${call.name}: ${code}: ${meaning}. It runs as user ${NOBODY.uid}, who must be able to read the course`;
}

/** How a process ended, in words. */
export function howItEnded(status: number | null, signal: string | null): string {
  if (signal === 'SIGXCPU') return `was stopped after ${CPU_SECONDS} s of CPU time`;
  // V8 gives up by abort(3), which the filter turns into the last resort of that: an illegal instruction.
  if (['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGILL'].includes(signal ?? '') || status === 134) {
    return 'ended because memory ran out, its stack was too deep, or it called process.abort';
  }
  if (signal !== null) return `was killed by ${signal}`;
  if (status === 13) return 'never got to its end: it waits for something that never comes';
  return `ended with status ${status}: does something call process.exit?`;
}
