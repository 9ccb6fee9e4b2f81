import type { Step } from './command/step.ts';
import { options, read } from './options.ts';
import { plan } from './plan.ts';
import { defaultRootfs, defaultRootfsPath } from './rootfs/rootfs.ts';

export * from './cgroup.ts';
export * from './command/carried-out.ts';
export { exitStatus, failureMessage, whyNoCommand } from './command/exit-status.ts';
export { type Explainer, explainer } from './command/explain.ts';
export { type Forwarding, forwardSignals } from './command/forward-signals.ts';
export { main } from './command/main.ts';
export * from './command/name-value.ts';
export * from './command/numbers.ts';
export { planJson, planText } from './command/print-plan.ts';
export { commandLine } from './command/root.ts';
export { type Connections, run, runPlan } from './command/run.ts';
export { planFor, type RunFlags, runOptions } from './command/run-options.ts';
export { put, STDERR, STDOUT, say, styled } from './command/say.ts';
export {
  type Attachment,
  type CommandUsage,
  Misuse,
  type Showing,
  type Step,
  type Subcommand,
} from './command/step.ts';
export { signalNamed } from './command/stop-signal.ts';
export { notOpened, typedPath } from './command/typed-path.ts';
export { assertUtf8Variables, environmentAsRead } from './command/utf8.ts';
export { NotBoolean, parseBool } from './command/words.ts';
export * from './delegated.ts';
export * from './engine/action.ts';
export { setsDeathSignal } from './engine/attend.ts';
export { carryOut, DeedError, undoAll } from './engine/deeds.ts';
export { type Happening, happened, whenSomethingHappens } from './engine/happened.ts';
export { closeHeld, handOver, heldNow, hold, holdHere, holdPipe, isHandedOver, letGo } from './engine/held.ts';
export { joining } from './engine/join.ts';
export { deedsIn, isAt, journalNames, openJournal, toldIn } from './engine/journal.ts';
export { directoriesTo, makeDirectories, makeDirectory } from './engine/make-directories.ts';
export type { Narrator } from './engine/narrate.ts';
export * from './engine/plan.ts';
export { isStill, type ProcessStat, processStat } from './engine/process-stat.ts';
export { type Pruned, prune } from './engine/prune.ts';
export { type Running, runningContainer, whenToldNowhere } from './engine/running.ts';
export { type Around, type Begin, type Container, type Ended, start } from './engine/start.ts';
export { isUsers, type State, shortHash, state, useRoot } from './engine/state.ts';
export * from './exec.ts';
export * from './hierarchies.ts';
export { findInit, withInit } from './init.ts';
export * from './options.ts';
export * from './plan.ts';
export { type MadeOnce, makeOnce } from './rootfs/made-once.ts';
export { openInside } from './rootfs/open-inside.ts';
export * from './rootfs/rootfs.ts';
export { copyOutput, readable, readNow, writeAll } from './streams/copy.ts';
export { openInput } from './streams/input.ts';
export { standardStreams } from './streams/streams.ts';

/** Step 01 as its command runs it. */
export const step: Step = {
  name: 'step-01',
  title: 'namespaces and cgroups',
  positionals: [['[command...]', 'what to run (default: sh)']],
  options,
  read,
  plan,
  prepare: async (options, say) => {
    if (options.rootfs === defaultRootfsPath()) await defaultRootfs(say);
    return options;
  },
  report: () => [],
  commands: [],
  demo: () => [
    {
      says: 'The first container: it is PID 1, under a hostname of its own, and sees no process of the host:',
      run: ['--hostname', 'boxstep', 'sh', '-c', 'ls -d /proc/[0-9]*; echo "I am PID $$ on $(hostname)"'],
    },
    {
      says: 'Its cgroup stops a fork bomb: 600 processes are asked for, and at the limit of 512 the kernel says no:',
      run: ['sh', '-c', 'i=0; while [ $i -lt 600 ]; do sleep 600 >/dev/null 2>&1 & i=$((i+1)); done 2>&1 | tail -n 1'],
    },
  ],
};
