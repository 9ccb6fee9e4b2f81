import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { defaultRootfsPath, findHierarchies } from 'step-01';
import type { TestContext } from 'vitest';
import { thisMachine } from '../steps/03-limits/src/flags/machine.ts';
import { REPOSITORY } from './boxstep.ts';
import { withoutDebian } from './debian.ts';
import { diskUnder } from './disk.ts';
import { installed } from './installed.ts';
import { isOpen } from './open.ts';
import { findPnpm } from './pnpm.ts';
import { obstacle } from './vm/guests.ts';

interface Provision {
  there(): boolean;
  /** Why it is missing here. */
  readonly why: string;
  /** Does `scripts/provision.sh --tests` install it? */
  readonly provided?: boolean;
}

/** What a test may need of the machine. Every skip of a test is from here. */
const NEEDS = {
  root: { there: () => process.geteuid?.() === 0, why: 'it takes root: sudo npm test' },

  'an open folder': {
    there: () => isOpen(REPOSITORY),
    why: 'other users than root can not come to this folder: clone it to one that is open, not in /root',
  },
  'higher limits': {
    there: () => (effective() >> 24n) % 2n === 1n,
    why: 'root can’t raise a hard limit here: it lacks CAP_SYS_RESOURCE',
  },
  v1: { there: () => hasVersion(1), why: 'limits are not on cgroup v1 here' },
  v2: { there: () => hasVersion(2), why: 'limits are not on cgroup v2 here' },
  cpuset: { there: () => has('cpuset'), why: 'no cgroup hierarchy has the "cpuset" controller' },
  io: { there: () => has('io') || has('blkio'), why: 'no cgroup hierarchy has the "io" or "blkio" controller' },
  'io weight': {
    there: () => thisMachine(findHierarchies()).weights !== undefined,
    why: 'this kernel divides no disk time by weight',
  },
  pressure: { there: () => existsSync('/proc/pressure/cpu'), why: 'this kernel measures no pressure (PSI)' },
  numa: { there: () => existsSync('/proc/self/numa_maps'), why: 'this kernel was built without NUMA' },
  disk: {
    there: () => diskUnder(defaultRootfsPath()) !== undefined,
    why: 'the default root filesystem is on no whole disk',
  },
  ip: { there: () => installed('ip'), why: 'iproute2 is not installed: apt-get install iproute2' },
  nft: {
    there: () => runs('unshare', '--net', 'nft', 'add', 'table', 'inet', 'boxstep-needs'),
    why: 'nft can make no table: nftables is not installed, or not in this kernel',
    provided: !installed('nft'),
  },
  guest: {
    there: () => !process.env.BOXSTEP_SYSTEM && obstacle() === undefined,
    why: 'no guest can be started here, or this is one',
  },

  swap: {
    there: () => thisMachine(findHierarchies()).swap,
    why: 'this kernel does not count swap: start it with swapaccount=1',
  },
  idle: { there: () => true, why: 'this machine is so busy that no container gets half a CPU' },
  overlay: {
    there: () => readFileSync('/proc/filesystems', 'utf8').includes('\toverlay\n'),
    why: 'this kernel has no overlay filesystem: modprobe overlay',
  },
  download: {
    there: () => withoutDebian() === null,
    why: withoutDebian() ?? "Debian's packages could not be downloaded",
    provided: withoutDebian() !== null,
  },
  pnpm: {
    there: () => findPnpm() !== undefined,
    why: 'there is no pnpm, and npx can get none: npm install -g pnpm@12',
  },

  uidmap: program('newuidmap', 'newuidmap', 'uidmap'),
  pasta: program('pasta', 'pasta', 'passt'),
  tun: { there: () => existsSync('/dev/net/tun'), why: 'this kernel has no /dev/net/tun: modprobe tun' },
  'as for x86-64': program('x86_64-linux-gnu-as', 'the x86-64 assembler', 'binutils-x86-64-linux-gnu'),
  'as for arm64': program('aarch64-linux-gnu-as', 'the arm64 assembler', 'binutils-aarch64-linux-gnu'),
  'qemu for arm64': program('qemu-aarch64', 'qemu', 'qemu-user'),
  busybox: program('busybox', 'BusyBox', 'busybox-static'),
  cc: program('cc', 'a C compiler', 'gcc libc6-dev'),
  tar: program('tar', 'tar', 'tar'),
  ps: program('ps', 'ps', 'procps'),
  perl: program('perl', 'perl', 'perl'),
  strace: program('strace', 'strace', 'strace'),
  setcap: program('setcap', 'setcap', 'libcap2-bin'),
  catatonit: program('catatonit', 'catatonit', 'catatonit'),
  chromium: program('chromium', 'Chromium', 'chromium'),
  'docker-registry': program('docker-registry', 'a registry', 'docker-registry'),
  skopeo: program('skopeo', 'skopeo', 'skopeo'),
  umoci: program('umoci', 'umoci', 'umoci'),
  podman: program('podman', 'podman', 'podman'),
  containerd: program('containerd', 'containerd', 'containerd'),
  dockerd: program('dockerd', 'Docker’s daemon', 'docker.io'),
  loop: {
    there: () => existsSync('/dev/loop-control') && installed('losetup'),
    why: 'this kernel makes no disk of a file: modprobe loop, apt-get install mount',
  },
  init: {
    there: () => installed('tini-static') || installed('catatonit'),
    why: 'no init is installed: apt-get install tini',
  },
  tmux: program('tmux', 'tmux', 'tmux'),
  openssl: program('openssl', 'OpenSSL', 'openssl'),
  xz: program('xz', 'xz', 'xz-utils'),
  bzip2: program('bzip2', 'bzip2', 'bzip2'),
  vi: {
    ...program('busybox', 'BusyBox', 'busybox-static'),
    why: 'a root filesystem made of core utilities has no vi, and busybox is not installed: apt-get install busybox-static',
  },
} satisfies Record<string, Provision>;

function program(name: string, what: string, packages: string): Provision {
  const why = `${what} is not installed: apt-get install ${packages}`;
  return { there: () => installed(name), why, provided: true };
}

/** Something that a test needs of the machine. */
export type Need = keyof typeof NEEDS;

declare module 'vitest' {
  interface TaskMeta {
    /** What a test that was skipped lacks. */
    missing?: Need[];
  }
}

/** Skips a test on a machine that lacks what it needs, with the reason. For `beforeEach`, or within a test. */
export function needs(...wanted: Need[]): (context: TestContext) => void {
  return (context) => {
    const missing = wanted.filter((need) => !isThere(need));
    if (missing.length > 0) skip(context, missing, missing.map((need) => NEEDS[need].why).join('; '));
  };
}

/** Skips a test that found out by itself that something is not there. */
export function lacks(need: Need, why: string = NEEDS[need].why): (context: TestContext) => void {
  return (context) => skip(context, [need], why);
}

function skip(context: TestContext, missing: Need[], why: string): void {
  context.task.meta.missing = missing;
  context.skip(why);
}

/**
 * What this environment is known not to offer, as BOXSTEP_WITHOUT lists it: `v1,nft`. With CI=true a test that lacks
 * only such things is no failure.
 *
 * @throws {Error} if a word is no need
 */
export function knownNotToBe(words = process.env.BOXSTEP_WITHOUT ?? ''): Need[] {
  const named = words.split(',').map((word) => word.trim());
  return named.filter((word): word is Need => {
    if (word === '' || Object.hasOwn(NEEDS, word)) return word !== '';
    const all = Object.keys(NEEDS).join(', ');
    throw new Error(`Expected BOXSTEP_WITHOUT to list needs (${all}), got ${JSON.stringify(word)}`);
  });
}

/** The one command that brings what tests lacked here, and runs `npm …` again. */
export function broughtBy(missing: readonly Need[], npm: string): string {
  const sudo = process.geteuid?.() === 0 && !process.env.SUDO_UID ? '' : 'sudo ';
  const isProvided = missing.some((need) => (NEEDS[need] as Provision).provided);
  return `${isProvided ? `${sudo}scripts/provision.sh --tests && ` : ''}${sudo}${npm}`;
}

const known = new Map<Need, boolean>();

function isThere(need: Need): boolean {
  const there = known.get(need) ?? NEEDS[need].there();
  known.set(need, there);
  return there;
}

/** The capabilities of this process: capabilities(7). */
function effective(): bigint {
  return BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`);
}

function has(controller: string): boolean {
  return findHierarchies().some(({ controllers }) => controllers.includes(controller));
}

/** Are limits on that version? Of memory, that is: a machine with v1 may have controllers on v2 that nobody asks for. */
function hasVersion(version: 1 | 2): boolean {
  return findHierarchies().some(
    (hierarchy) => hierarchy.version === version && hierarchy.controllers.includes('memory'),
  );
}

function runs(file: string, ...args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
