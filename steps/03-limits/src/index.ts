import * as previous from 'step-02';
import { defaultRootfsPath, type Showing, type Step } from 'step-02';
import { type Options, options, read } from './options.ts';
import { plan } from './plan.ts';
import { report } from './report.ts';
import { pauseCommands } from './running/pause.ts';
import { statsCommand } from './running/stats.ts';
import { updateCommand } from './running/update.ts';

export * from 'step-02';
export { inhabited } from './actions.ts';
export { parseCpuset } from './flags/cpuset.ts';
export { type LimitFlags, limitOptions, limitsOf } from './flags/limit-flags.ts';
export { thisMachine } from './flags/machine.ts';
export * from './limits.ts';
export { type Flags, type Options, options, read } from './options.ts';
export * from './places.ts';
export { plan } from './plan.ts';
export { isFrozen, standsStill } from './running/frozen.ts';
export { freezeContainer } from './running/pause.ts';
export { cgroupsOf, forEach, running, told } from './running/running.ts';
export { changedLimits, updateLimits } from './running/update.ts';
export { type Usage, usage } from './running/usage.ts';
export * from './sizes.ts';
export { ownLimit, type Ulimit, ulimitCalls } from './ulimits.ts';

/** Step 03 as its command runs it. */
export const step: Step<Options> = {
  ...previous.step,
  name: 'step-03',
  title: 'limits',
  options,
  read,
  plan,
  report: (ended, options) => [...previous.step.report(ended, options), ...report(ended, options)],
  async prepare(options, say) {
    if (options.limits.blkioWeight !== undefined && !options.machine.weighs) say(WEIGHS_NOTHING);
    return { ...options, ...(await previous.step.prepare(options, say)) };
  },
  commands: [...previous.step.commands, statsCommand, updateCommand, ...pauseCommands],
  demo: () => [
    previous.step.demo()[0] as Showing,
    {
      says: 'A program that wants all the memory there is gets 64 MiB of it:',
      run: ['-m', '64m', defaultRootfsPath(), 'sh', '-c', 'tail /dev/zero || echo "tail ended with $?"'],
    },
    {
      says: 'One that never rests gets half a CPU, and waits the other half of the time:',
      run: [
        ...['--cpus', '0.5', '--stats', defaultRootfsPath()],
        ...['sh', '-c', 'timeout 1 sh -c "while :; do :; done"; echo "one second is over"'],
      ],
    },
    {
      says: 'The fourth process is one too many where three fit; a file ends where its limit is:',
      run: [
        ...['--pids-limit', '3', '--ulimit', 'fsize=1000', defaultRootfsPath()],
        ...[
          'sh',
          '-c',
          '(head -c 5000 /dev/zero > /tmp/f); wc -c < /tmp/f; rm /tmp/f; (sleep 1 & sleep 1 & sleep 1 & wait); :',
        ],
      ],
    },
  ],
};

const WEIGHS_NOTHING =
  '--blkio-weight has no effect for now: no disk of this machine divides its time by weight (echo bfq > /sys/block/DISK/queue/scheduler)';
