import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { $ } from 'zx';
import { CantDownload } from '../cache.ts';
import { unpacked as debian, withoutDebian } from '../debian.ts';
import { installed } from '../installed.ts';
import { CACHE, firstKnown, type Say, unpacked, withDependencies } from './packages.ts';

/** A kernel other than this machine's, with cgroup v2 and nothing else. */
export interface Guest {
  readonly title: string;
  /** Memory, as its program wants to be told. Only what is used is taken from the host. */
  readonly memory: string;
  /** Downloads and unpacks what it needs. @throws {Error} if that can't be fetched */
  prepare(say: Say): Promise<Prepared>;
}

/** Where a guest's parts are, for host.sh and init.sh. */
export interface Prepared {
  /** The packages of the machine itself. */
  readonly folder: string;
  readonly kernel: string;
  readonly modules: string;
  readonly busybox: string;
}

export const GUESTS = {
  // User-mode Linux is a kernel that runs as a process. Controllers: cpu io memory pids.
  uml: {
    title: 'user-mode Linux',
    memory: '2G',
    async prepare(say) {
      const folder = (await newerUml(say)) ?? (await machine('uml', 'user-mode-linux', say));
      const modules = only(join(folder, 'usr/lib/uml/modules/*'));
      return { folder, modules, kernel: only(join(folder, 'usr/bin/linux.uml')), busybox: busyboxOf(folder) };
    },
  },
  // A whole PC, without KVM: qemu translates every instruction. All controllers.
  qemu: {
    title: 'qemu',
    memory: '1536M',
    async prepare(say) {
      const folder = await machine('qemu', 'qemu-system-x86', say);
      const busybox = busyboxOf(folder);
      const kernel = await linux(busybox, say);
      const modules = only(join(kernel, 'lib/modules/*'));
      return { folder, modules, kernel: only(join(kernel, 'boot/vmlinuz-*')), busybox };
    },
  },
} satisfies Record<string, Guest>;

export type GuestName = keyof typeof GUESTS;

/** Why no guest can be had here at all; undefined if nothing speaks against it. */
export function obstacle(): string | undefined {
  if (process.arch !== 'x64') return `Debian's guests are for x86-64, and this is ${process.arch}`;
  if (process.geteuid?.() !== 0) return 'the guests need root (mounts of their own): sudo npm test';
  const missing = ['apt-get', 'dpkg', 'unshare', 'setpriv', 'taskset'].filter((program) => !installed(program));
  return missing.length > 0 ? `the guests are Debian packages, and there is no ${missing.join(', no ')}` : undefined;
}

/**
 * From 6.16 on, user-mode Linux stops a process at a system call by seccomp(2) rather than ptrace(2), and Node starts three times
 * sooner. So it is taken from a release that has one, with that release's C library; where that can't be fetched, from this machine's own.
 */
async function newerUml(say: Say): Promise<string | undefined> {
  const names = ['user-mode-linux', 'libc6', 'busybox-static'];
  try {
    if (withoutDebian() !== null) return undefined;
    return await debian({ release: 'forky', architecture: 'amd64', names, dependencies: false }, say);
  } catch (error) {
    if (!(error instanceof CantDownload)) throw error;
    say(`${error.message}\nso user-mode Linux is this machine's own, which is slower`);
    return undefined;
  }
}

/** Only the kernel of its package: what that depends on (an initramfs, a boot loader) is for machines that boot. */
function linux(busybox: string, say: Say): Promise<string> {
  const finish = async (folder: string) => {
    say('unpacking the kernel modules');
    await $`find ${folder} -name '*.ko.xz' -print0 | xargs -0 -r -P 2 -n 50 ${busybox} unxz`;
    await $`${busybox} depmod -b ${folder} ${basename(only(join(folder, 'lib/modules/*')))}`;
  };
  const names = ['linux-image-6.12-cloud-amd64', 'linux-image-cloud-amd64'];
  return unpacked({ name: 'linux', packages: async () => [await firstKnown(names, say)], finish }, say);
}

/** A guest's program, with BusyBox for its first process and what of both's libraries this machine lacks. */
function machine(name: string, program: string, say: Say): Promise<string> {
  return unpacked({ name, packages: () => withDependencies([program, 'busybox-static'], say) }, say);
}

function busyboxOf(folder: string): string {
  return only(join(folder, '{usr/,}bin/busybox'));
}

function only(pattern: string): string {
  const [path] = globSync(pattern);
  if (path === undefined)
    throw new Error(`expected ${pattern} of the packages, and there is none. Try: rm -rf ${CACHE}`);
  return path;
}
