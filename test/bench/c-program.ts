import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Plan } from '../../steps/01-namespaces/src/index.ts';
import { cSource } from './c-source.ts';
import { all, cpuOf } from './cpu.ts';
import type { Contender } from './interleave.ts';

const SOURCE = join(import.meta.dirname, 'clone.c');

/** What clone.c is to do, as it says. */
export type Variant = 'clone' | 'fork' | 'host' | 'journal';

/** The C program, compiled and waiting for orders. */
export interface CProgram {
  contender(variant: Variant, name: string): Contender;
  end(): void;
}

/**
 * Compiles clone.c with the calls of a plan and starts it.
 *
 * @param directory - for the program: a new one
 * @param descriptors - of this process's, which the calls name by their numbers
 * @throws {Error} without a C compiler, or with what it said.
 */
export function startC(directory: string, plan: Plan, descriptors: readonly number[] = []): CProgram {
  const file = compileC(directory, plan);
  // Detached: Ctrl-C on the terminal is the bench's to hear. This one ends when its standard input does.
  const stdio: ('pipe' | 'inherit' | 'ignore' | number)[] = ['pipe', 'pipe', 'inherit'];
  for (const fd of descriptors) while (stdio.length <= fd) stdio.push(stdio.length === fd ? fd : 'ignore');
  const child = spawn(file, { stdio, detached: true });
  const lines = createInterface({ input: child.stdout as Readable });
  return {
    contender: (variant, name) => ({
      name,
      measure: (times) => ask(child, lines, `${variant} ${times}\n`),
      cpu: () => all(cpuOf(child.pid as number)),
    }),
    end: () => child.stdin?.end(),
  };
}

/** @returns the program */
export function compileC(directory: string, plan: Plan): string {
  const file = join(directory, 'clone');
  writeFileSync(join(directory, 'plan.h'), cSource(plan));
  try {
    execFileSync('cc', ['-O2', '-Wall', '-Wno-unused-function', '-Werror', '-I', directory, '-o', file, SOURCE], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return file;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? 'no C compiler to measure against: apt-get install gcc libc6-dev' : message);
  }
}

const EARLY = new Error('the C program ended early; what it said is above');

async function ask(child: ChildProcess, lines: Interface, order: string): Promise<number[]> {
  if (child.exitCode !== null) throw EARLY;
  const ended = new AbortController();
  const answer = once(lines, 'line', { signal: ended.signal });
  const close = () => ended.abort();
  child.once('close', close);
  child.stdin?.write(order);
  const [line] = await answer.catch(() => {
    throw EARLY;
  });
  child.off('close', close);
  return line
    .trim()
    .split(' ')
    .map((nanoseconds: string) => Number(nanoseconds) / 1e6);
}
