import { closeSync, writeSync } from 'node:fs';
import {
  type Call,
  close,
  defaultSignals,
  dup3,
  execve,
  MFD_CLOEXEC,
  memfdCreate,
  perform,
  pidfdOpen,
  setns,
} from 'shared-native';
import { cloneFlags, differing, emptyPlan, extend, namespacesOf, start } from 'step-10';
import type { Hook } from '../config/schema.ts';
import { beginInOwnMemory } from '../own-memory.ts';

/** Runs a hook in the namespaces of a process. @returns what went wrong, if something did */
export async function inNamespacesOf(
  pid: number,
  { path, args = [path], env = [], timeout }: Hook,
  input: string,
): Promise<string | undefined> {
  const stdin = perform(memfdCreate('state', MFD_CLOEXEC)); // a name in /tmp might be there already, and would stay if this is killed
  writeSync(stdin, input, 0);
  try {
    const execs: Call[] = [dup3(stdin, 0), ...defaultSignals(), execve(path, args, env)];
    const plan = extend(emptyPlan('hook'), 'hooks', { outlives: true, join: entering(pid), exec: execs });
    const container = await start(plan, undefined, {
      guest: true,
      begin: (calls, _, letGo) => beginInOwnMemory(calls, letGo, []),
    });
    const timer = timeout ? setTimeout(() => container.kill('SIGKILL'), timeout * 1000) : undefined;
    const { status, signal, failure } = await container.exited;
    clearTimeout(timer);
    return status === 0 ? undefined : (failure?.message ?? signal ?? `exit status ${status}`);
  } finally {
    closeSync(stdin);
  }
}

/** The calls by which a process enters all namespaces of another that it isn't in itself. */
export function entering(pid: number): Call[] {
  const target = pidfdOpen(pid);
  return [target, setns(target, cloneFlags(differing(namespacesOf(pid), namespacesOf('self')))), close(target)];
}
