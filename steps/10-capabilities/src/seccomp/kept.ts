import { mkdirSync, readFileSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SockFilter } from 'shared-native';
import { state } from 'step-09';

/** A filter as the kernel takes it: a program, and SECCOMP_FILTER_FLAG_*. */
export interface Filter {
  readonly flags: number;
  readonly program: readonly SockFilter[];
}

/** To be raised when the compiler makes another program of a profile: what was kept before is then of no use. A test knows. */
export const COMPILER = 2;

/** A filter that was compiled before from the same source, or is now. @param source - all that it depends on, as JSON */
export function keptFilter(source: unknown, make: () => Filter): Filter {
  const { hash } = process.getBuiltinModule('node:crypto');
  const name = hash('sha256', JSON.stringify([COMPILER, source]));
  const path = join(state().cache, 'seccomp', name);
  const kept = read(path);
  if (kept) return kept;
  const filter = make();
  keep(path, filter);
  return filter;
}

/** Bytes of SHA-256. */
const DIGEST = 32;

/**
 * The digest of what follows: half a filter may be one that forbids nothing. Then the flags in 8 bytes, and struct sock_filter, 8
 * bytes for each instruction. Nobody else may have written it.
 */
function read(path: string): Filter | undefined {
  const there = statOf(path);
  if (!there?.isFile() || there.uid !== process.geteuid?.() || there.mode & 0o022) return undefined;
  const file = readFileSync(path);
  const { buffer, byteOffset, byteLength } = file.subarray(DIGEST);
  if (byteLength < 16 || !file.subarray(0, DIGEST).equals(digestOf(file.subarray(DIGEST)))) return undefined;
  const words = new DataView(buffer, byteOffset, byteLength);
  const program: SockFilter[] = [];
  for (let at = 8; at < byteLength; at += 8) {
    program.push({
      code: words.getUint16(at, true),
      jt: words.getUint8(at + 2),
      jf: words.getUint8(at + 3),
      k: words.getUint32(at + 4, true),
    });
  }
  return { flags: words.getUint32(0, true), program };
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // it isn't there, or leads nowhere
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest();
}

/** For the next time; where it can't be written, it is compiled each time. */
function keep(path: string, { flags, program }: Filter): void {
  const words = new DataView(new ArrayBuffer(8 * (program.length + 1)));
  words.setUint32(0, flags, true);
  for (const [nth, { code, jt = 0, jf = 0, k }] of program.entries()) {
    const at = 8 * (nth + 1);
    words.setUint16(at, code, true);
    words.setUint8(at + 2, jt);
    words.setUint8(at + 3, jf);
    words.setUint32(at + 4, k, true);
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (statOf(path)?.isDirectory()) rmSync(path, { recursive: true });
    const half = `${path}.${process.pid}`; // two may do so at once
    writeFileSync(half, Buffer.concat([digestOf(Buffer.from(words.buffer)), Buffer.from(words.buffer)]), {
      mode: 0o600,
    });
    renameSync(half, path);
  } catch {}
}
