import { AT_EACCESS, AT_FDCWD, type Call, execvp, faccessat2, tolerate, X_OK } from 'shared-native';
import { identity, searchPath, userFiles } from 'step-10';
import type { Process } from '../config/schema.ts';

/** The calls that start its program. */
export function becoming(process: Process, rootfs: string): Call[] {
  const env = environment(process, rootfs);
  return execvp(process.args ?? [], env, searchPath(env));
}

/** Each variable once, as it is set last; HOME is from the container's /etc/passwd unless there is one, as runc has it. */
export function environment({ env = [], user = {} }: Pick<Process, 'env' | 'user'>, rootfs: string): string[] {
  const all = new Map(env.map((one) => [one.split('=')[0] ?? '', one]));
  if (['', 'HOME='].includes(all.get('HOME') ?? ''))
    all.set('HOME', `HOME=${identity(String(user.uid ?? 0), [], userFiles(rootfs)).home}`);
  return [...all.values()];
}

/** Looks whether its program is there, and may be executed. Nothing fails if it isn't. */
export function looksFor(path: Call['args'][string] | undefined): Call {
  return tolerate(faccessat2(AT_FDCWD, path?.kind === 'string' ? path.value : '', X_OK, AT_EACCESS), 'any');
}
