import { defaultRootfsPath } from 'step-01';
import { expect } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { find } from '../src/containers/find.ts';
import type { BoxRecord, Process } from '../src/containers/record.ts';
import { stateOf } from '../src/containers/state.ts';

/** `run`, or `create`, of a shell command in a container without a network. */
export function shellIn(command: 'run' | 'create', flags: readonly string[], script: string) {
  return boxstep(command, '--network', 'none', ...flags, defaultRootfsPath(), 'sh', '-c', script);
}

/** A container that runs, and ends with 5 when it gets a SIGTERM: it is ready for one when this settles. */
export async function running(name: string, ...flags: readonly string[]): Promise<BoxRecord> {
  const { exitCode, all } = await shellIn('run', ['-d', '--name', name, ...flags], READY);
  if (exitCode !== 0) throw new Error(all);
  await expect.poll(() => written(name)).toContain('ready');
  return find(name);
}

const READY = 'trap "exit 5" TERM; echo ready; sleep 1000 & wait';

/** The processes of a container that runs. */
export function processesOf(name: string): { readonly shim: Process; readonly process: Process } {
  const { run } = find(name);
  if (run.status !== 'begun' || !run.shim || !run.process) throw new Error(`${name} does not run`);
  return { shim: run.shim, process: run.process };
}

/** How it is, in docker's words. */
export function stateOfNamed(name: string) {
  return stateOf(find(name));
}

/** What a container has written to its standard output. */
export async function written(name: string): Promise<string> {
  return (await boxstep('logs', name)).stdout;
}
