import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { executable, type Tree } from '../../src/model/index.ts';

/** Programs on the host that can be executed, and the same for the model. */
export interface Programs {
  readonly paths: readonly string[];
  readonly tree: Tree;
  remove(): void;
}

interface Kind {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly capabilities?: { readonly permitted: bigint; readonly inheritable?: bigint; readonly effective: boolean };
  readonly text?: string;
}

const bit = (capability: number) => 1n << BigInt(capability);

const KINDS: Readonly<Record<string, Kind>> = {
  plain: { mode: 0o755 },
  private: { mode: 0o700, uid: 1000, gid: 1000 },
  group: { mode: 0o710, gid: 5 },
  data: { mode: 0o644 },
  suid: { mode: 0o4755 },
  suid1000: { mode: 0o4755, uid: 1000, gid: 1000 },
  sgid: { mode: 0o2755, gid: 5 },
  lock: { mode: 0o2745, gid: 5 },
  both: { mode: 0o6755, uid: 1001, gid: 5 },
  unmapped: { mode: 0o4755, uid: 700_000 },
  cap: { mode: 0o755, capabilities: { permitted: bit(12), effective: true } },
  inheriting: { mode: 0o755, capabilities: { permitted: 0n, inheritable: bit(0) | bit(7), effective: true } },
  lacking: { mode: 0o755, capabilities: { permitted: bit(12) | bit(24), effective: true } },
  quiet: { mode: 0o755, capabilities: { permitted: bit(21) | bit(24), effective: false } },
  suidcap: { mode: 0o4755, capabilities: { permitted: bit(21), effective: true } },
  script: { mode: 0o4755, text: '#!DIRECTORY/suid\n' },
  command: { mode: 0o755, text: '#!DIRECTORY/plain\n' },
  empty: { mode: 0o755, text: '' },
  lost: { mode: 0o755, text: '#!/nowhere\n' },
};

/**
 * Copies of cat(1) with every kind of owner, mode and capabilities.
 *
 * @throws {Error} where no directory is on a mount that lets programs have these.
 */
export function makePrograms(): Programs {
  const where = [tmpdir(), '/var/tmp', process.cwd()].find(givesPrivileges);
  if (where === undefined) throw new Error('every directory for temporary files is mounted nosuid or noexec');
  const directory = mkdtempSync(join(where, 'boxstep-programs-'));
  chmodSync(directory, 0o755);
  for (const [name, kind] of Object.entries(KINDS)) make(join(directory, name), kind, directory);
  const above = directory.split('/').slice(1, -1);
  const parents = above.map((_, index) => `/${above.slice(0, index + 1).join('/')}`);
  return {
    paths: Object.keys(KINDS).map((name) => join(directory, name)),
    tree: Object.fromEntries([
      ...parents.map((path) => [path, { type: 'directory', mode: 0o755 }]),
      ...Object.entries(KINDS).map(([name, kind]) => [join(directory, name), modelled(kind, directory)]),
    ]),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

function make(path: string, { mode, uid = 0, gid = 0, capabilities, text }: Kind, directory: string): void {
  if (text === undefined) copyFileSync('/bin/cat', path);
  else writeFileSync(path, text.replace('DIRECTORY', directory));
  chownSync(path, uid, gid);
  chmodSync(path, mode);
  if (capabilities) setCapabilities(path, capabilities);
}

function modelled({ mode, uid = 0, gid = 0, capabilities, text }: Kind, directory: string): Tree[string] {
  const owned = { ...executable, mode, uid, gid, ...(capabilities && { fileCapabilities: capabilities }) };
  return text === undefined ? owned : { ...owned, text: text.replace('DIRECTORY', directory) };
}

const setxattr = koffi
  .load('libc.so.6')
  .func('int setxattr(const char *path, const char *name, void *value, size_t size, int flags)');

/** struct vfs_ns_cap_data of version 2: capabilities(7), "File capability extended attribute versioning". */
function setCapabilities(
  path: string,
  { permitted, inheritable = 0n, effective }: NonNullable<Kind['capabilities']>,
): void {
  const words = [0x0200_0000n | (effective ? 1n : 0n), permitted, inheritable, permitted >> 32n, inheritable >> 32n];
  const value = new Uint32Array(words.map((word) => Number(word & 0xffff_ffffn)));
  if (setxattr(path, 'security.capability', value, value.byteLength, 0) !== 0)
    throw new Error(`${path} takes no capabilities`);
}

function givesPrivileges(directory: string): boolean {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  const mounts = lines
    .map((line) => line.split(' '))
    .filter(([, , , , at = '']) => at === '/' || `${directory}/`.startsWith(`${at}/`));
  const [, , , , , options = ''] =
    mounts.sort(([, , , , one = ''], [, , , , other = '']) => one.length - other.length).at(-1) ?? [];
  return !/nosuid|noexec/.test(options);
}
