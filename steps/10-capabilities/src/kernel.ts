import { existsSync, readFileSync } from 'node:fs';
import { arch, release } from 'node:os';
import { CAPABILITIES, namesIn } from './capabilities.ts';
import { type Covered, coveredHere } from './masks.ts';
import type { Situation } from './seccomp/read.ts';
import { FOR_ANYBODY, pathOf, type Sysctl } from './sysctls.ts';

/** What this machine's kernel has, as far as a container's walls depend on it. */
export interface Kernel extends Omit<Situation, 'capabilities'>, Covered {
  /** Every capability. */
  readonly capabilities: readonly string[];
  /** Those that this process can pass on to a container in its own user namespace. */
  readonly passable: readonly string[];
  /** What docker sets in a network of the container's own, where the kernel knows it. */
  readonly sysctls: readonly Sysctl[];
}

/** The kernel that this runs on. */
export function thisKernel(): Kernel {
  const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
  const [, bounding = '0'] = /^CapBnd:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return {
    arch: arch() === 'arm64' ? 'aarch64' : 'x86_64',
    kernel: release(),
    capabilities: CAPABILITIES.slice(0, last + 1),
    passable: namesIn(bounding),
    ...coveredHere(),
    sysctls: FOR_ANYBODY.filter(([name]) => existsSync(pathOf(name))),
  };
}
