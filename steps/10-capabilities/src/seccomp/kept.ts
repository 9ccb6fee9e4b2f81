import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SockFilter } from 'shared-native';
import { state } from 'step-09';

/** A filter as the kernel takes it: a program, and SECCOMP_FILTER_FLAG_*. */
export interface Filter {
  readonly flags: number;
  readonly program: readonly SockFilter[];
}

/** To be raised when the compiler makes another program of a profile: what was kept before is then of no use. A test knows. */
export const COMPILER = 1;

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

/** The flags in 8 bytes, then struct sock_filter, 8 bytes for each instruction. Nobody else may have written it. */
function read(path: string): Filter | undefined {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there || there.uid !== process.geteuid?.() || there.mode & 0o022) return undefined;
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  if (byteLength < 16 || byteLength % 8 !== 0) return undefined;
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
    const half = `${path}.${process.pid}`; // two may do so at once
    writeFileSync(half, words, { mode: 0o600 });
    renameSync(half, path);
  } catch {}
}
