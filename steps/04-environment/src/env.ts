/** Where programs are looked for unless the environment says otherwise: the same as docker's. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What an environment is made of. */
export interface Environment {
  /** `NAME=value` sets a variable, `NAME` leaves it out; if there are several, the last one counts. */
  readonly env: readonly string[];
  /** The container's name. */
  readonly name: string;
  readonly hostname: string;
  /** Does it have a terminal? Then TERM is xterm, and PS1 (the prompt) is `name:$PWD# `, or `name:$PWD$ ` for any user but 0. */
  readonly tty: boolean;
  /** Who it runs as. `home` is for HOME. */
  readonly user: { readonly uid: number; readonly home: string };
}

// #region a clean environment
/** The whole environment of a container's first process. Nothing is inherited from the caller unless you asked for it. */
export function environment({ env, name, hostname, tty, user }: Environment): string[] {
  // #region task 2: a clean environment
  const variables = new Map([
    ['PATH', PATH],
    ['HOSTNAME', hostname],
  ]);
  if (tty) {
    variables.set('TERM', 'xterm');
    variables.set('PS1', `${name}:$PWD${user.uid === 0 ? '#' : '$'} `);
  }
  for (const entry of env) {
    const [variable = ''] = entry.split('=', 1);
    if (entry.includes('=')) variables.set(variable, entry.slice(variable.length + 1));
    else variables.delete(variable);
  }
  if (!variables.get('HOME')) variables.set('HOME', user.home);
  return [...variables].map(([variable, value]) => `${variable}=${value}`);
  // #endregion
}
// #endregion

/**
 * One value of `-e`: `NAME=value` as it is, `NAME` with the caller's value. If the caller has no such variable, the bare
 * name stays, and the container doesn't get it either, not even the default.
 *
 * @throws {Error} if there is no name.
 */
export function variable(text: string, caller: NodeJS.ProcessEnv = process.env): string {
  const [name = ''] = text.split('=', 1);
  if (name === '') throw new Error(`invalid environment variable ${JSON.stringify(text)}: there is no name before "="`);
  return !text.includes('=') && Object.hasOwn(caller, name) ? `${name}=${caller[name]}` : text;
}

/** The search path in an environment: the container's PATH, not the caller's. */
export function searchPath(env: readonly string[]): string {
  return env.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? PATH;
}
