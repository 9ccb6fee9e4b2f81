import { AT_FDCWD, type Call, MOVE_MOUNT_F_EMPTY_PATH, moveMount } from 'shared-native';
import * as previous from 'step-07';
import { extend, type Plan, pivotInto } from 'step-07';
import { directoriesIn, ownDirectory } from './container.ts';
import { mountedAt, takesOneByOne } from './older-kernel/mount.ts';
import type { Options } from './options.ts';
import { overlay } from './overlay.ts';
import { recordOf } from './record.ts';
import { lowersOf } from './root.ts';

// #region a root of its own, without a copy
/** Step 07's container with an overlay as its root: it shares the layers it reads, and writes to its own directory. */
export function plan(options: Options): Plan {
  const before = previous.plan(options);
  const { merged, ...own } = directoriesIn(options.directory);
  const { lowers = lowersOf(options), userXattrs = false } = options;
  const directories = { lowers, ...own, volatile: !options.keep, userXattrs };
  return extend(before, 'step-08', {
    without: { calls: wayIntoDirectory(before) },
    actions: [ownDirectory(options.directory, recordOf(options))],
    setup: takesOneByOne() ? attached(overlay(directories), merged) : mountedAt(directories, merged),
    enter: pivotInto(merged).enter,
  });
}

/** @param mount - calls of which the last opens it */
function attached(mount: readonly Call[], target: string): Call[] {
  return [...mount, moveMount(mount.at(-1) as Call, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH)];
}
// #endregion

/** Step 02's way into a directory: it made the directory a mount. */
function wayIntoDirectory({ parts }: Plan): (call: Call) => boolean {
  const { setup = [], enter = [] } = parts.find(({ step }) => step === 'step-02')?.program ?? {};
  return (call) => setup.includes(call) || enter.includes(call);
}
