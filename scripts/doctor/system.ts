import { existsSync, readFileSync } from 'node:fs';
import { execa } from 'execa';

/** Whether this process is root. */
export const isRoot = process.getuid?.() === 0;

/** What a command did; the output is on one line, and says why if it could not be started. */
export interface Outcome {
  ok: boolean;
  output: string;
}

// Debian leaves /usr/sbin, where nft and ip are, out of a normal user's PATH.
const PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

/** Runs a command to its end, from `/`, which any user can be in. Never throws. */
export async function run(command: readonly string[]): Promise<Outcome> {
  const [file = '', ...args] = command;
  const result = await execa(file, args, {
    cwd: '/',
    env: { PATH, LC_ALL: 'C' },
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
  });
  const said = (result.all ?? '').trim().replaceAll('\n', '; ');
  return { ok: !result.failed, output: said || (result.originalMessage ?? `exit status ${result.exitCode}`) };
}

/** A file of the kernel's, or null where there is none or it may not be read. */
export function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Whether a program is on PATH, `/usr/sbin` included. */
export function installed(program: string): boolean {
  return PATH.split(':').some((folder) => existsSync(`${folder}/${program}`));
}

/** A command as its reader has to type it. */
export function asRoot(command: string): string {
  return isRoot ? command : `sudo ${command}`;
}

/** How to install a package here; its name is given where Fedora's differs from Debian's. */
export function install(debian: string, fedora = debian): string {
  const release = read('/etc/os-release') ?? '';
  return asRoot(/^ID(_LIKE)?=.*(fedora|rhel)/m.test(release) ? `dnf install ${fedora}` : `apt-get install ${debian}`);
}
