import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { perform, SyscallError, setxattr, XATTR_REPLACE } from 'shared-native';
import { newDeed } from 'step-10';
import { inheritCpuset, inheritingCpuset, way } from './inherit-cpuset.ts';

/** A cgroup in a hierarchy. */
export interface Below {
  /** The top of the hierarchy. */
  readonly mount: string;
  readonly cgroup: string;
  /** What v2 passes on from each cgroup to the next. */
  readonly controllers: readonly string[];
  /** Is it one of v1 that needs processors and memory before a process can be put in? */
  readonly isCpuset: boolean;
}

/** What `makeBelow` is called in a journal. */
export const MAKES = 'make-cgroup-below';

// #region cgroups that are ours
/** Makes a cgroup, and those above that aren't there yet: these are marked as ours, so whoever leaves last removes them. */
export const makeBelow = newDeed<Below>(MAKES, {
  asShell: ({ cgroup, isCpuset }) => `mkdir -p ${cgroup}${isCpuset ? `; ${inheritingCpuset(cgroup)}` : ''}`,
  carryOut: (below) => makeAll(below),
});

/** Removes the cgroup above one, and those above that, as long as they are empty, and ours. */
export const leaveAbove = newDeed<Pick<Below, 'mount' | 'cgroup'>>('leave-cgroups-above', {
  asShell: ({ cgroup }) => `rmdir -p --ignore-fail-on-non-empty ${dirname(cgroup)}  # what was made for it`,
  carryOut({ mount, cgroup }) {
    for (const above of way(mount, dirname(cgroup)).slice(1).toReversed()) if (!isOurs(above) || !remove(above)) return;
  },
});

const MARK = 'user.boxstep';
const ONE = new TextEncoder().encode('1');

function isOurs(cgroup: string): boolean {
  return marked(cgroup, XATTR_REPLACE);
}

/** An older kernel keeps no such attribute: then nobody knows that it is ours, and it stays. */
function marked(cgroup: string, how = 0): boolean {
  try {
    perform(setxattr(cgroup, MARK, ONE, how));
    return true;
  } catch (error) {
    if (error instanceof SyscallError) return false;
    throw error;
  }
}
// #endregion

/** Whoever leaves may remove the one above just after this has found it: then once more. */
function makeAll(below: Below, tries = 20): void {
  const { mount, cgroup, controllers, isCpuset } = below;
  try {
    for (const one of way(mount, cgroup).slice(1)) {
      if (make(one) && one !== cgroup) marked(one);
      if (isCpuset) inheritCpuset(one);
      if (one !== cgroup) for (const name of controllers) passOn(dirname(one), name);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 0) throw error;
    makeAll(below, tries - 1);
  }
}

/** @returns whether it was made now */
function make(cgroup: string): boolean {
  try {
    mkdirSync(cgroup, 0o755);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** What can't be passed on, a limit that needs it will miss: then that is what fails. */
function passOn(cgroup: string, controller: string): void {
  try {
    writeFileSync(join(cgroup, 'cgroup.subtree_control'), `+${controller}`, { flag: 'r+' });
  } catch {}
}

function remove(cgroup: string): boolean {
  try {
    rmdirSync(cgroup);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
