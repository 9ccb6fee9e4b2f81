import { AT_FDCWD, type Call, O_CLOEXEC, O_WRONLY, openat, tolerate, write } from 'shared-native';
import * as previous from 'step-02';
import { extend, type Plan } from 'step-02';
import { inhabited, limitActions } from './actions.ts';
import { cgroupsInside } from './cgroups-inside.ts';
import type { Options } from './options.ts';
import { readings } from './running/usage.ts';
import { ulimitCalls } from './ulimits.ts';

// #region a container with limits
/** Step 02's container with limits: on all of it by cgroups, on each of its processes by ulimits. */
export function plan(options: Options): Plan {
  const { name, hierarchies, ulimits } = options;
  const oom = oomScore(options);
  const cgroups = cgroupsInside(inhabited(options), options.cgroupNamespace);
  return extend(previous.plan(options), 'step-03', {
    actions: limitActions(options),
    readings: readings(name, hierarchies),
    setup: [...cgroups.setup, ...oom.spared],
    inside: cgroups.inside,
    privileges: [...oom.asAsked, ...ulimitCalls(ulimits)],
  });
}
// #endregion

// #region spared until it is the command
/**
 * Until execve, the process shares the memory of this runtime, and if it ran out of the container's memory, the kernel
 * would kill both: all that share it. So it first makes itself one that is never killed (its call fails with ENOMEM then),
 * and last of all what it is to be. The kernel gives the score to all that share the memory, too: the runtime keeps
 * the container's, which is right, since neither lives without the other. EACCES: the runtime itself lacks
 * CAP_SYS_RESOURCE, as in most containers; then there is only that the least limit is more than these calls use.
 */
function oomScore({ limits, oomScoreAdj, machine }: Options): { spared: Call[]; asAsked: Call[] } {
  if (limits.memory === undefined && oomScoreAdj === undefined) return { spared: [], asAsked: [] };
  const score = openat(AT_FDCWD, '/proc/self/oom_score_adj', O_WRONLY | O_CLOEXEC);
  return {
    spared: [score, tolerate(write(score, '-1000'), 'EACCES')],
    asAsked: [write(score, String(oomScoreAdj ?? machine.oomScoreAdj))],
  };
}
// #endregion
