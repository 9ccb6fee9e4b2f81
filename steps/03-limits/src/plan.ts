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
 * Until execve, the process shares this runtime's memory. If the container ran out of memory then, the kernel would kill
 * every process that shares it, so both. So the process first makes itself immune (its call then fails with ENOMEM), and
 * sets the score that was asked for at the very end. The kernel gives the same score to all that share the memory, so the
 * runtime takes its own back as soon as they have parted (`keepOomScore` in shared-native). EACCES means that the runtime
 * itself lacks CAP_SYS_RESOURCE, as in most containers; then all that helps is that these calls need less than the least
 * limit.
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
