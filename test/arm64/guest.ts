import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { program, unpacked } from '../debian.ts';
import { initramfs } from './initramfs.ts';

/** What a command printed, and its exit status. */
export interface Outcome {
  readonly all: string;
  readonly status: number;
}

/**
 * Runs shell command lines as root in /boxstep, one after another, on a Linux for 64-bit ARM: Debian's kernel in qemu
 * without KVM, all of it in memory. Its cgroups are v2. It takes no root, and 3 s to boot; Node is about 20 times
 * slower than outside.
 *
 * qemu-user would be faster, but can't do it: it answers EINVAL to clone(2) with CLONE_VM and without CLONE_THREAD,
 * since it can emulate a thread or a fork, and the course's child is something between.
 *
 * @throws {CantDownload} without a network, the first time.
 */
export async function inGuest(lines: readonly string[]): Promise<Outcome[]> {
  const qemu = await unpacked({ architecture: 'amd64', names: ['qemu-system-arm', 'cpio'], dependencies: true });
  // What the package of the newest kernel stands for.
  const names = ['?reverse-depends(?exact-name(linux-image-cloud-arm64))'];
  const linux = await unpacked({ architecture: 'arm64', names, dependencies: false });
  const [kernel = 'no kernel'] = globSync(join(linux, 'boot/vmlinuz-*'));
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-arm64-'));
  try {
    const initrd = await initramfs(folder, qemu, script(lines));
    const { stdout } = await execa({ timeout: 800_000, stdin: 'ignore' })`${[
      ...program(qemu, 'usr/bin/qemu-system-aarch64'),
      ...['-L', join(qemu, 'usr/share/qemu'), '-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
      ...['-M', 'virt,gic-version=3', '-cpu', 'cortex-a72', '-smp', '2', '-m', '1500M'],
      ...['-accel', 'tcg,thread=multi,tb-size=512', '-kernel', kernel, '-initrd', initrd],
      ...['-append', 'console=ttyAMA0 quiet loglevel=1 panic=-1 mitigations=off'],
    ]}`;
    return lines.map((line, index) => outcome(stdout.replaceAll('\r', ''), line, index));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is left to do for a machine when its kernel has started, and then the lines. */
function script(lines: readonly string[]): string {
  return `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do echo +$controller > /sys/fs/cgroup/cgroup.subtree_control; done
mount -t tmpfs tmpfs /run
hostname guest
cd /boxstep
${lines.map((line, index) => `echo; echo '[${index}'\n(${line}\n) 2>&1 </dev/null\necho "\n${index}] $?"`).join('\n')}
poweroff -f
`;
}

function outcome(console: string, line: string, index: number): Outcome {
  const [, all, status] = new RegExp(`^\\[${index}\n([^]*?)\n${index}\\] (\\d+)$`, 'm').exec(console) ?? [];
  if (all === undefined) throw new Error(`the guest did not come to the end of ${line}:\n${console}`);
  return { all: all.trimEnd(), status: Number(status) };
}
