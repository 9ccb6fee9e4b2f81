import { spawnSync } from 'node:child_process';
import { statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyIn } from './layout.ts';
import { askLdd, copyLibraries, type Linked } from './libraries.ts';
import { find, findAll, required } from './programs.ts';

/** What a root filesystem was made of. */
export interface Contents {
  readonly kind: 'busybox' | 'coreutils';
  /** What its sh is: `busybox 1.35.0`, `dash`. */
  readonly shell: string;
  /** The names of the commands inside, the shell's too. */
  readonly programs: string[];
  /** The paths of the libraries inside, the ELF interpreter too. */
  readonly libraries: string[];
}

/** Puts programs and their libraries into a root filesystem. */
export function fill(root: string, path: readonly string[], busybox: boolean): Contents {
  return (busybox && fillFromBusybox(root, path)) || fillFromCoreutils(root, path);
}

function fillFromBusybox(root: string, path: readonly string[]): Contents | undefined {
  const busybox = find('busybox', path);
  if (busybox === undefined) return undefined;
  const applets = run(busybox, '--list')
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  // A rescue system's busybox may have no shell.
  if (!required.every((name) => applets.includes(name))) return undefined;
  copyIn(busybox, root, '/usr/bin/busybox');
  for (const name of applets) symlinkSync('busybox', join(root, 'usr/bin', basename(name)));
  const version = /BusyBox v?(\S+)/.exec(run(busybox))?.[1] ?? '';
  const libraries = copyLibraries(root, askLdd([busybox]));
  return { kind: 'busybox', shell: `busybox ${version}`.trim(), programs: applets, libraries };
}

function fillFromCoreutils(root: string, path: readonly string[]): Contents {
  const found = findAll(path);
  const linked = askLdd([...found.values()]);
  leaveOutBroken(found, linked);
  const missing = required.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(whatIsMissing(missing, path));
  copyPrograms(root, found);
  const shell = basename(found.get('sh') ?? 'sh');
  const libraries = copyLibraries(root, linked);
  return { kind: 'coreutils', shell, programs: [...found.keys()], libraries };
}

function whatIsMissing(missing: readonly string[], path: readonly string[]): string {
  const needs = `A root filesystem can be made of busybox, or of ${required.join(', ')} and more`;
  const found = `looked in ${path.join(':')}, and found neither a busybox that would do nor ${missing.join(', ')}`;
  const install = 'Install busybox-static (Debian, Ubuntu: apt-get install busybox-static) or coreutils';
  return `${needs}; ${found}. ${install}, or name the directory of a root filesystem that you have.`;
}

/** Leaves out the programs that lack a library on this machine, too. */
function leaveOutBroken(found: Map<string, string>, linked: Map<string, Linked>): void {
  for (const [name, file] of found) {
    const missing = linked.get(file)?.missing ?? [];
    if (missing.length === 0) continue;
    if (required.includes(name)) throw new Error(whyBroken(name, file, missing));
    found.delete(name);
    linked.delete(file);
  }
}

function whyBroken(name: string, file: string, missing: readonly string[]): string {
  const what = `ldd ${file}: ${missing.join(', ')}: not found, so ${name} doesn't run on this machine either`;
  return `${what}. Install what it needs, or busybox-static, which needs no libraries.`;
}

/** A program of several names, such as pgrep and pkill, is copied once. */
function copyPrograms(root: string, found: ReadonlyMap<string, string>): void {
  const copied = new Map<string, string>();
  for (const [name, file] of found) {
    const { dev, ino } = statSync(file);
    const first = copied.get(`${dev}:${ino}`);
    if (first === undefined) copyIn(file, root, join('/usr/bin', name));
    else symlinkSync(first, join(root, 'usr/bin', name));
    copied.set(`${dev}:${ino}`, first ?? name);
  }
}

/** What it prints; nothing if it doesn't run. */
function run(program: string, ...args: string[]): string {
  return spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '';
}
