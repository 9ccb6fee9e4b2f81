import type { SyscallName } from '../kernel/syscall-numbers.ts';
import type { Arguments } from './arguments.ts';
import type { State } from './state.ts';

/**
 * What the kernel does at one call: it changes the state, and gives the result. An error is thrown (`fail('EPERM')`)
 * before anything is changed.
 */
export type Handler = (state: State, args: Arguments) => number;

/** One family of calls. */
export type Family<Name extends SyscallName> = Readonly<Record<Name, Handler>>;
