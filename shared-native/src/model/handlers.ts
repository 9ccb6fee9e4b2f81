import type { SyscallName } from '../syscall-numbers.ts';
import { descriptorCalls } from './calls/descriptor.ts';
import type { Handler } from './handler.ts';

/** What the kernel does at each call. */
export const HANDLERS = {
  ...descriptorCalls,
} as Readonly<Record<SyscallName, Handler>>; // TODO: satisfies, when all are there
