import {
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW,
  SECCOMP_FILTER_FLAG_TSYNC,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_RET_KILL_THREAD,
  SECCOMP_RET_LOG,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_TRAP,
} from 'shared-native';
import type { Architecture } from './numbers.ts';

/** Which system calls a process may make: a profile as it applies to one container. */
export interface Profile {
  /** SECCOMP_RET_*, with its data: the answer to every call that no rule is about. */
  readonly otherwise: number;
  /** Those in whose numbers calls may be made; the machine's own comes first. */
  readonly architectures: readonly Architecture[];
  /** SECCOMP_FILTER_FLAG_* */
  readonly flags: number;
  readonly rules: readonly Rule[];
}

/** The answer to some system calls if all conditions are true. */
export interface Rule {
  readonly names: readonly string[];
  /** SECCOMP_RET_*, with its data. */
  readonly action: number;
  readonly conditions: readonly Condition[];
}

/** A comparison of an argument, an unsigned number of 64 bits (in calls of x32, of the lower 32). */
export interface Condition {
  /** Which argument: 0 to 5. */
  readonly index: number;
  readonly op: Comparison;
  readonly value: bigint;
  /** For `MASKED_EQ`: what the argument's bits in `value` must be. */
  readonly valueTwo: bigint;
}

export const COMPARISONS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** The actions of a profile file, under libseccomp's names; those that have an errno get it from the rule. */
export const ACTIONS: Readonly<Record<string, number>> = {
  SCMP_ACT_KILL: SECCOMP_RET_KILL_THREAD,
  SCMP_ACT_KILL_THREAD: SECCOMP_RET_KILL_THREAD,
  SCMP_ACT_KILL_PROCESS: SECCOMP_RET_KILL_PROCESS,
  SCMP_ACT_TRAP: SECCOMP_RET_TRAP,
  SCMP_ACT_ERRNO: SECCOMP_RET_ERRNO,
  SCMP_ACT_TRACE: SECCOMP_RET_TRACE,
  SCMP_ACT_ALLOW: SECCOMP_RET_ALLOW,
  SCMP_ACT_LOG: SECCOMP_RET_LOG,
};

export const FILTER_FLAGS: Readonly<Record<string, number>> = {
  SECCOMP_FILTER_FLAG_TSYNC,
  SECCOMP_FILTER_FLAG_LOG,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW,
};
