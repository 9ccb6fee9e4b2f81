import { lstatSync, readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Inode, Place, State } from '../../src/model/index.ts';
import { topOf } from '../../src/model/mounts/mounts.ts';
import { ELF } from '../../src/model/process/execute.ts';

/** Filesystems in which the kernel makes the files: proc, sysfs, cgroup, cgroup2. */
const MADE_BY_KERNEL = [0x9fa0, 0x6265_6572, 0x27_e0eb, 0x6367_7270];
const KERNEL_TYPES = ['proc', 'sysfs', 'cgroup', 'cgroup2'];

const TYPES: Readonly<Record<Inode['type'], number>> = {
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
  character: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
  socket: 0o140000,
};

/** Every file below a directory: path, type and mode, owner, group, device or content, one a line. */
export function realTree(root: string): string {
  const lines: string[] = [];
  const walk = (path: string) => {
    const at = join(root, path);
    const there = lstatSync(at, { throwIfNoEntry: false });
    if (!there) return; // a whiteout in a directory of one layer alone: it's listed, and is nothing
    const { mode, uid, gid, rdev } = there;
    const type = mode & 0o170000;
    const isDevice = type === 0o020000 || type === 0o060000;
    const content =
      type === 0o100000
        ? shownText(readFileSync(at, 'latin1'))
        : type === 0o120000
          ? readlinkSync(at)
          : isDevice
            ? String(rdev)
            : '';
    lines.push(`${path} ${mode.toString(8)} ${uid}:${gid} ${content}`.trim());
    if (type !== 0o040000 || MADE_BY_KERNEL.includes(statfsSync(at).type)) return;
    for (const name of readdirSync(at).sort().filter(isKept)) walk(`${path === '/' ? '' : path}/${name}`);
  };
  walk('/');
  return lines.join('\n');
}

/** What an overlay keeps in its work directory, also after a mount that failed, is the kernel's own affair. */
function isKept(name: string): boolean {
  return name !== 'work';
}

/** A program's bytes are no text, and the model doesn't keep them as they are. */
function shownText(content: string): string {
  return content.startsWith(ELF) ? ELF : content;
}

/** The same of a state, from the process's root. */
export function modelledTree(state: State): string {
  const lines: string[] = [];
  const walk = ({ mount, inode }: Place, path: string) => {
    const { type, mode, uid, gid, rdev, text } = inode;
    const isDevice = type === 'character' || type === 'block';
    const content = type === 'file' || type === 'symlink' ? shownText(text) : isDevice ? String(rdev) : '';
    lines.push(`${path} ${(TYPES[type] | mode).toString(8)} ${uid}:${gid} ${content}`.trim());
    if (type !== 'directory' || KERNEL_TYPES.includes(inode.filesystem.type)) return;
    for (const [name, child] of [...inode.entries].sort().filter(([name]) => isKept(name)))
      walk(topOf(state, { mount, inode: child }), `${path === '/' ? '' : path}/${name}`);
  };
  walk(state.process.root, '/');
  return lines.join('\n');
}
