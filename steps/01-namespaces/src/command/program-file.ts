import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { openInside } from '../rootfs/open-inside.ts';

/** The first bytes of a file, as far as the kernel looks for `#!`, and for an ELF file's list of segments. */
const HEAD = 4096;
const PT_INTERP = 3;

/** Bytes of a 64-bit ELF file's header, and of each entry of its list of segments. */
const ELF64_EHDR = 64;
const ELF64_PHDR = 56;

const OTHERS =
  'but what it names to run it can’t be run itself, or it is below a directory that may not be searched, or on a mount with MS_NOEXEC';

/**
 * Why a file of a container's root can't be executed, as far as the file says so.
 *
 * @param path - absolute, as the container sees it
 * @returns undefined if there is nothing at that path
 */
export function whyNoProgram(rootfs: string, path: string): string | undefined {
  return isThere(rootfs, path) ? (faultOf(rootfs, path)?.says ?? `${path} is there; ${OTHERS}`) : undefined;
}

/** Why a file can't be executed: what execve answers, and a sentence. */
export interface Fault {
  readonly code: 'EACCES' | 'ENOENT';
  readonly says: string;
}

/** What is wrong with a program that is there; undefined if nothing is that the file would show. */
export function faultOf(rootfs: string, path: string): Fault | undefined {
  const file = openInside(rootfs, path);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return { code: 'EACCES', says: `${path} is there, but is no file` };
    if ((status.mode & 0o111) === 0)
      return { code: 'EACCES', says: `${path} is there, but is not executable: chmod +x it` };
    const wanted = interpreter(contents(file));
    if (wanted === undefined || isThere(rootfs, wanted)) return undefined;
    const hint = wanted.endsWith('\r') ? 'the line ends as Windows ends it; save it with LF alone' : 'copy it there';
    return {
      code: 'ENOENT',
      says: `${path} is there, but what it names to run it, ${JSON.stringify(wanted)}, is not: ${hint}`,
    };
  } finally {
    closeSync(file);
  }
}

/** What a file names to run it: after `#!`, or the loader of a program with libraries (elf(5)). */
export function interpreter(head: Buffer): string | undefined {
  if (head.toString('latin1', 0, 2) === '#!') return /^#![ \t]*([^ \t\n]+)/.exec(head.toString())?.[1];
  if (head.length < ELF64_EHDR || head.toString('latin1', 0, 5) !== '\x7fELF\x02') return undefined; // 64 bits, as here
  const [at, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  if (size !== ELF64_PHDR) return undefined; // the kernel refuses it, too
  for (let segment = at; segment < at + size * count && segment + size <= head.length; segment += size) {
    if (head.readUInt32LE(segment) !== PT_INTERP) continue;
    const [from, length] = [Number(head.readBigUInt64LE(segment + 8)), Number(head.readBigUInt64LE(segment + 32))];
    return head.toString('utf8', from, from + length - 1); // it ends in NUL
  }
  return undefined;
}

function contents(file: number): Buffer {
  const head = Buffer.alloc(HEAD);
  const readable = openSync(`/proc/self/fd/${file}`, 'r');
  try {
    return head.subarray(0, readSync(readable, head));
  } finally {
    closeSync(readable);
  }
}

/** Is there something at this path of a container's root? */
export function isThere(rootfs: string, path: string): boolean {
  try {
    closeSync(openInside(rootfs, path));
    return true;
  } catch {
    return false;
  }
}

/** Is there a directory at this path of a container's root? */
export function isDirectory(rootfs: string, path: string): boolean {
  try {
    const file = openInside(rootfs, path);
    try {
      return fstatSync(file).isDirectory();
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
