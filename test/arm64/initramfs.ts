import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeOnce } from 'step-01';
import { program, unpacked } from '../debian.ts';
import { copyCourse } from './course.ts';
import { nodeForArm64 } from './node.ts';

/** The programs and libraries that the course needs of a machine; bash and libc-bin have ldd. */
const SYSTEM = ['busybox-static', 'libc6', 'libc-bin', 'libstdc++6', 'libgcc-s1', 'libatomic1', 'bash', 'libtinfo6'];
const EMPTY = ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'etc', 'usr/bin', 'var/cache'];

/**
 * The guest's first process. Nothing is mounted below an initramfs, and pivot_root(2) refuses such a root: so / is
 * bound to a place inside, and that is moved over /.
 */
const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin 2>/dev/null # what is there stays
mkdir /all
mount --bind / /all
cd /all
mount --move . /
exec chroot . /script
`;

/**
 * Writes the initramfs that the guest boots from: a system that is kept, and the course as it is now.
 *
 * @param folder - an empty one
 * @param tools - where Debian's packages are unpacked that hold cpio
 * @param script - what the guest is to run
 * @returns its path
 */
export async function initramfs(folder: string, tools: string, script: string): Promise<string> {
  const tree = join(folder, 'tree');
  await copyCourse(join(tree, 'boxstep'));
  writeFileSync(join(tree, 'script'), script);
  chmodSync(join(tree, 'script'), 0o755);
  const archives = [await systemArchive(tools), await archive(tools, tree, join(folder, 'course.cpio'))];
  const path = join(folder, 'initrd');
  // The kernel unpacks any number of archives, one after another.
  await execa({ stdout: { file: path }, buffer: false })`cat ${archives}`;
  return path;
}

/** An archive with Node and the rest of a small Debian for arm64. */
async function systemArchive(tools: string): Promise<string> {
  const debian = await unpacked({ architecture: 'arm64', names: SYSTEM, dependencies: false });
  const node = await nodeForArm64();
  const path = `${debian}-node-${node.version}`;
  const make = async (making: string) => {
    const tree = join(making, 'tree');
    cpSync(debian, tree, { recursive: true, verbatimSymlinks: true });
    for (const name of EMPTY) mkdirSync(join(tree, name), { recursive: true });
    cpSync(node.file, join(tree, 'usr/bin/node'));
    writeFileSync(join(tree, 'init'), INIT);
    chmodSync(join(tree, 'init'), 0o755);
    await archive(tools, tree, join(making, 'system.cpio'));
    rmSync(tree, { recursive: true });
  };
  const isThere = (folder: string) => existsSync(join(folder, 'system.cpio'));
  await makeOnce({ path, isThere, otherwise: 'has no system.cpio', make });
  return join(path, 'system.cpio');
}

/** Packs a tree as the kernel wants it (its Documentation/driver-api/early-userspace/buffer-format.rst), all of it root's. */
async function archive(tools: string, tree: string, file: string): Promise<string> {
  const cpio = program(tools, 'bin/cpio');
  const words = ['--quiet', '--create', '--format=newc', '--null', '--owner=0:0', `--file=${file}`];
  await execa({ cwd: tree })`find . -print0`.pipe({ cwd: tree })`${[...cpio, ...words]}`;
  return file;
}
