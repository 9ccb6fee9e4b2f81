import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CPU_SECONDS, MEMORY, node, type Place, type Student } from './place.ts';

/** What the report says of it. */
export const WEAK = "a process with Node's permission model and resource limits, in no container";

/**
 * The weaker way, where there is no root: a process that Node itself keeps from files, programs, threads, addons and the
 * network (--permission), with limits on data and CPU time (setrlimit(2)). Node's manual says that this is a seat belt,
 * and no wall.
 */
export function startProcess({ command }: Place): Student {
  const limits = `ulimit -d ${MEMORY / 512} && ulimit -t ${CPU_SECONDS} && ulimit -c 0 && exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', limits, node(), ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: {},
    cwd: '/',
    detached: true, // a process group of its own, to be killed as one
  });
  const [, stdout, stderr, requests, answers] = child.stdio;
  return {
    requests: requests as Writable,
    answers: answers as Readable,
    output: [stdout as Readable, stderr as Readable],
    kill() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {} // it has ended
    },
    ended: new Promise((resolve) => {
      child.on('error', ({ message }) => resolve(`could not be started: ${message}`));
      child.on('exit', (status, signal) => resolve(howItEnded(status, signal)));
    }),
  };
}

/** How a process ended, in words. */
export function howItEnded(status: number | null, signal: string | null): string {
  if (signal === 'SIGXCPU') return `was stopped after ${CPU_SECONDS} s of CPU time`;
  if (['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGILL'].includes(signal ?? '') || status === 134) {
    return 'ended because memory ran out, or its stack was too deep';
  }
  if (signal !== null) return `was killed by ${signal}`;
  return `ended with status ${status}: does something call process.exit?`;
}
