import { spawn } from 'node:child_process';
import type { Config, Hook, HookKind } from './config/schema.ts';
import { inNamespacesOf } from './running/in-namespaces.ts';

/**
 * Runs the hooks of a kind one after another, the state of the container on their standard input.
 *
 * @param within - a process in whose namespaces they are run; on the host without
 * @param env - the variables of those that name none
 * @throws {Error} for the first that fails, or takes longer than it may
 */
export async function runHooks(
  { hooks = {} }: Config,
  kind: HookKind,
  state: object,
  within?: number,
  env: () => readonly string[] = () => [],
): Promise<void> {
  for (const [nth, hook] of (hooks[kind] ?? []).entries()) {
    const failed = await (within === undefined
      ? run(hook, JSON.stringify(state))
      : inNamespacesOf(within, { ...hook, env: hook.env ?? env() }, JSON.stringify(state)));
    if (failed !== undefined) throw new Error(`error running ${kind} hook #${nth}: ${hook.path}: ${failed}`);
  }
}

/** @returns what went wrong, if something did */
function run({ path, args = [path], env = [], timeout }: Hook, input: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const [argv0 = path, ...rest] = args;
    const variables = Object.fromEntries(env.map((one) => one.split(/=(.*)/s).slice(0, 2)));
    const child = spawn(path, rest, {
      argv0,
      env: variables,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(timeout && { timeout: timeout * 1000, killSignal: 'SIGKILL' }),
    });
    let said = '';
    child.stdout.resume();
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.stdin.on('error', () => {}); // it needn't read the state
    child.stdin.end(input);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status, signal) =>
      resolve(status === 0 ? undefined : `${signal ?? `exit status ${status}`}: ${said.trim()}`),
    );
  });
}
