import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where a program of this machine is: on PATH, or where Debian has those that an ordinary user's PATH leaves out. */
export function programNamed(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin'];
  return directories
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
}

/** The same, or the name alone: then it is whoever executes it who hears that there is none. */
export function programOrName(name: string): string {
  return programNamed(name) ?? name;
}
