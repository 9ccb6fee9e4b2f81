import { spawnSync } from 'node:child_process';

/**
 * Is a command complete, or would bash wait for more: after a backslash, in a here-document, an open quote, a loop?
 * Bash itself is asked (`-n` reads and runs nothing).
 */
export function complete(command: string): boolean {
  const backslashes = /\\*$/.exec(command)?.[0].length ?? 0;
  if (backslashes % 2 === 1) return false;
  const { stderr } = spawnSync('bash', ['-n'], { input: `${command}\n`, encoding: 'utf8', env: { LC_ALL: 'C' } });
  return !/unexpected EOF|unexpected end of file|delimited by end-of-file/.test(stderr);
}
