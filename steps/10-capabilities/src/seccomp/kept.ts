import { mkdirSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SockFilter } from 'shared-native';
import { shortHash, state } from 'step-09';

/** A filter as the kernel takes it: a program, and SECCOMP_FILTER_FLAG_*. */
export interface Filter {
  readonly flags: number;
  readonly program: readonly SockFilter[];
}

/** To be raised when the compiler makes another program of a profile: what was kept before is then of no use. A test knows. */
export const COMPILER = 2;

/** A filter that was compiled before from the same source, or is now. @param source - all that it depends on, as JSON */
export function keptFilter(source: unknown, make: () => Filter): Filter {
  const json = JSON.stringify([COMPILER, source]);
  const [path, text] = [join(state().cache, 'seccomp', shortHash(json)), Buffer.from(json)];
  const kept = read(path, text);
  if (kept) return kept;
  const filter = make();
  keep(path, bytesOf(filter, text));
  return filter;
}

/** Bytes of what comes first, and of struct sock_filter. */
const EACH = 8;

/**
 * Flags and number of instructions in 8 bytes, the instructions, and the source: that of another has the same short name once in
 * 2^32. All of it is there twice, for half a filter may be one that forbids nothing; a digest would take 12 ms more, to load
 * Node's cryptography. Nobody else may have written it.
 */
function read(path: string, text: Buffer): Filter | undefined {
  const there = statOf(path);
  if (!there?.isFile() || there.uid !== process.geteuid?.() || there.mode & 0o022) return undefined;
  const file = readFileSync(path);
  const half = file.subarray(0, file.length / 2);
  if (half.length < 2 * EACH || !half.equals(file.subarray(half.length))) return undefined;
  const end = EACH * (half.readUint32LE(4) + 1);
  if (!half.subarray(end).equals(text)) return undefined;
  const program: SockFilter[] = [];
  for (let at = EACH; at < end; at += EACH) {
    const [code, jt, jf] = [half.readUint16LE(at), half[at + 2] ?? 0, half[at + 3] ?? 0];
    program.push({ code, jt, jf, k: half.readUint32LE(at + 4) });
  }
  return { flags: half.readUint32LE(0), program };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // it isn't there, or leads nowhere
  }
}

function bytesOf({ flags, program }: Filter, text: Buffer): Buffer {
  const bytes = Buffer.alloc(EACH * (program.length + 1));
  bytes.writeUint32LE(flags, 0);
  bytes.writeUint32LE(program.length, 4);
  for (const [nth, { code, jt = 0, jf = 0, k }] of program.entries()) {
    const at = EACH * (nth + 1);
    bytes.writeUint16LE(code, at);
    bytes.set([jt, jf], at + 2);
    bytes.writeUint32LE(k, at + 4);
  }
  return Buffer.concat([bytes, text, bytes, text]);
}

/** For the next time; where it can't be written, it is compiled each time. */
function keep(path: string, bytes: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (statOf(path)?.isDirectory()) rmSync(path, { recursive: true });
    const half = `${path}.${process.pid}`; // two may do so at once
    writeFileSync(half, bytes, { mode: 0o600 });
    renameSync(half, path);
  } catch {}
}
