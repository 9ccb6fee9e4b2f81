import { constants } from 'node:os';
import { isatty } from 'shared-native';
import { parents } from '../cgroup.ts';
import type { Plan } from '../engine/plan.ts';
import { prune } from '../engine/prune.ts';
import { type Around, type Container, type Ended, start } from '../engine/start.ts';
import type { Options } from '../options.ts';
import { standardStreams } from '../streams/streams.ts';
import { exitStatus, failureMessage, initFailure, lostStatus } from './exit-status.ts';
import { explainer } from './explain.ts';
import { forwardSignals } from './forward-signals.ts';
import { planFor, type RunFlags } from './run-options.ts';
import { say } from './say.ts';
import type { Attachment, Step } from './step.ts';

/** Runs a container from its options to its end. @returns the exit status, as docker's. */
export async function run(step: Step, wanted: Options, flags: RunFlags): Promise<number> {
  const options = await step.prepare(wanted, say); // before the plan, which may look into the root
  const plan = planFor(step, options, flags);
  await prune(parents(options.hierarchies));
  const stopSignal = flags.stopSignal ?? step.stopSignal?.(options);
  const meant = { ...flags, ...(stopSignal !== undefined && { stopSignal }) };
  let notRun: ReturnType<typeof initFailure>;
  const status = await runPlan(plan, meant, {
    streams: step.streams?.(options) ?? [0, 1, 2],
    attach: (container, gone) => step.attach?.(container, options, gone),
    around: { about: { step: step.name, options } },
    report(ended) {
      const failure = ended.failure ? [failureMessage(ended.failure, ended, options)] : [];
      if (flags.init) notRun = initFailure(ended.status, step.plan(options), options);
      const byInit = notRun ? [failureMessage(notRun.failure, notRun, options)] : [];
      return [...failure, ...byInit, ...step.report(ended, options)];
    },
  });
  return status === 1 && notRun ? exitStatus({ status, signal: null, ...notRun }) : status;
}

/** What a plan has to do with the caller while it runs, and afterwards. */
export interface Connections {
  /** Those of 0, 1 and 2 that the process has of the caller. */
  readonly streams: readonly number[];
  attach?(container: Container, gone: (error: Error) => void): Attachment | undefined;
  readonly around: Around;
  /** What there is to say at its end, a line each. */
  report(ended: Ended): readonly string[];
  /** Its exit status, if other rules than those of `run` apply. */
  status?(ended: Ended): number;
}

/** Runs a plan to its end, connected with the caller. @returns the exit status, as docker's. */
export async function runPlan(plan: Plan, flags: RunFlags, connections: Connections): Promise<number> {
  const { stopSignal = constants.signals.SIGTERM } = flags;
  const signals = forwardSignals({ ...flags, stopSignal }); // not before: until here, Ctrl-C may end it where it is
  const onTerminal = [0, 1, 2].some(isatty); // now: one that has hung up is none any more
  let lost: Error | undefined;
  const gone = (error: NodeJS.ErrnoException) => {
    const isNobodyThere = error.code === 'EPIPE' || (error.code === 'EIO' && onTerminal);
    if (!lost && !isNobodyThere) say(`the output can't be written: ${error.message}`);
    lost ??= error;
    signals.hangUp();
  };
  const narrator = flags.explain ? explainer(gone) : undefined;
  const streams = standardStreams(connections.streams);
  try {
    const container = await start(plan, narrator, { before: streams.calls, ...connections.around });
    const arrived = streams.copy(container, gone);
    signals.to(container);
    const attached = connections.attach?.(container, gone);
    if (attached || arrived) narrator?.hold();
    const ended = await Promise.race([container.exited, ...(attached?.left ? [attached.left] : [])]);
    if (typeof ended === 'number') return ended;
    await arrived?.();
    await attached?.end();
    narrator?.goOn();
    for (const line of connections.report(ended)) say(line);
    for (const error of ended.undoErrors) say(`left behind, until "prune" can remove it: ${error.message}`);
    return lost ? lostStatus(lost) : (connections.status ?? exitStatus)(ended);
  } finally {
    streams.close();
    signals.end();
  }
}
