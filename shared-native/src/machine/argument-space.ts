import { readFileSync } from 'node:fs';
import type { Argument, Call } from '../call.ts';

/** What every process may pass on, in bytes, however small its stack limit (ARG_MAX in <linux/limits.h>). */
const ARG_MAX = 131_072;

/** What no process may pass on, however large its stack limit: three quarters of 8 MiB (execve(2)). */
const MOST = 6 * 1024 * 1024;

/**
 * Refuses an argument list and environment that execve would refuse, before there is a process to refuse it to.
 *
 * @throws {RangeError} with the bytes there are and the bytes there may be.
 */
export function assertArgumentsFit(calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.name !== 'execve' && call.name !== 'execveat') continue;
    const needed = Object.values(call.args).reduce((sum, argument) => sum + space(argument), 0);
    if (needed <= ARG_MAX || needed <= argumentSpace()) continue;
    throw new RangeError(
      `the arguments and environment of ${text(call.args.pathname)} take ${needed} bytes, and the kernel passes on ${argumentSpace()} (a quarter of the stack limit: execve(2)). Pass less, or pass it in a file.`,
    );
  }
}

/** The bytes that execve passes on: a quarter of the stack limit, within bounds (execve(2), "Limits on size"). */
export function argumentSpace(limits = readFileSync('/proc/self/limits', 'utf8')): number {
  const stack = /^Max stack size\s+(\S+)/m.exec(limits)?.[1];
  const quarter = stack === undefined || stack === 'unlimited' ? MOST : Math.floor(Number(stack) / 4);
  return Math.max(ARG_MAX, Math.min(MOST, quarter));
}

function space(argument: Argument): number {
  if (argument.kind === 'string') return Buffer.byteLength(argument.value) + 1;
  if (argument.kind !== 'strings') return 0;
  return argument.value.reduce((sum, one) => sum + Buffer.byteLength(one) + 1 + 8, 0);
}

function text(argument: Argument | undefined): string {
  return argument?.kind === 'string' ? JSON.stringify(argument.value) : 'execve';
}
