import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { copyIn } from './layout.ts';

/** What the dynamic loader would load for a program. */
export interface Linked {
  /** Absolute paths, the ELF interpreter's too. */
  readonly libraries: string[];
  /** Names of libraries that this machine doesn't have. */
  readonly missing: string[];
}

/**
 * The libraries of each file, as ldd(1) tells them; a static program or a script has none.
 *
 * @throws if there is no ldd
 */
export function askLdd(files: readonly string[]): Map<string, Linked> {
  if (files.length === 0) return new Map();
  // Without the caller's environment: LD_LIBRARY_PATH and LD_PRELOAD aren't set inside.
  const env = { PATH: `/usr/bin:/bin:/usr/sbin:/sbin:${process.env.PATH}`, LC_ALL: 'C' };
  // Its status says whether all are dynamic programs, and no more.
  const { stdout, error } = spawnSync('ldd', files, { env, encoding: 'utf8' });
  if (error) {
    const what = `ldd, which tells what libraries a program needs, can't be run: ${error.message}`;
    const todo = 'It comes with glibc (Debian, Ubuntu: apt-get install libc-bin; Fedora: dnf install glibc-common).';
    throw new Error(`${what}. ${todo}`, { cause: error });
  }
  return parseLdd(files.length === 1 ? `${files[0]}:\n${stdout}` : stdout);
}

/** Reads what ldd prints about several files. The kernel's vdso is left out: it is no file. */
export function parseLdd(text: string): Map<string, Linked> {
  const files = new Map<string, Linked>();
  let current: Linked = { libraries: [], missing: [] };
  for (const line of text.split('\n')) {
    const file = /^(\/.*):$/.exec(line)?.[1];
    if (file !== undefined) {
      current = { libraries: [], missing: [] };
      files.set(file, current);
    }
    const missing = /^\s+(\S+) => not found/.exec(line)?.[1];
    if (missing !== undefined) current.missing.push(missing);
    const [, name, path] = /^\s+(?:(\S+) => )?(\/.*) \(0x[\da-f]+\)$/.exec(line) ?? [];
    // The name is a path, too, where the interpreter is known by one and found at another.
    if (name?.startsWith('/')) current.libraries.push(name);
    if (path !== undefined) current.libraries.push(path);
  }
  return files;
}

/**
 * Copies the libraries that programs need to the paths at which the loader inside looks for them, and returns these.
 *
 * @throws if one can't be read
 */
export function copyLibraries(root: string, linked: ReadonlyMap<string, Linked>): string[] {
  const needed = allLibraries(linked);
  const modules = nameServiceModules(needed);
  const libraries = [...new Set([...needed, ...modules, ...allLibraries(askLdd(modules))])];
  const copied = libraries.filter((library) => copyLibrary(root, library));
  // Names the directories beyond the usual ones in which this host's loader found its libraries.
  if (copied.length > 0 && existsSync('/etc/ld.so.cache')) copyIn('/etc/ld.so.cache', root);
  return copied;
}

function allLibraries(linked: ReadonlyMap<string, Linked>): string[] {
  return [...linked.values()].flatMap(({ libraries }) => libraries);
}

/** glibc opens these while it runs, so ldd doesn't know of them. From glibc 2.34 on, they are built in. */
function nameServiceModules(libraries: readonly string[]): string[] {
  const libc = libraries.find((library) => basename(library) === 'libc.so.6');
  if (libc === undefined) return [];
  const modules = ['libnss_files.so.2', 'libnss_dns.so.2'].map((name) => join(dirname(libc), name));
  return modules.filter((file) => existsSync(file));
}

function copyLibrary(root: string, library: string): boolean {
  // Two of the paths may be one inside: /lib/libc.so.6 and /usr/lib/libc.so.6.
  if (existsSync(join(root, library))) return false;
  try {
    copyIn(library, root);
    return true;
  } catch (error) {
    const what = `The library ${library}, which the root filesystem needs, can't be copied`;
    const todo = 'Make it readable, or install busybox-static, which needs no libraries.';
    throw new Error(`${what}: ${(error as Error).message}. ${todo}`, { cause: error });
  }
}
