import { constants } from 'node:os';
import * as stepOne from 'step-01';
import { extend, run, type Subcommand } from 'step-01';
import { escapeChroot } from '../escape.ts';
import { read } from '../options.ts';
import { plan } from '../plan.ts';

/** `escape 1 COMMAND`: the command in the container of step 1 or 2, after it has tried to get out of its root. */
export function escapeCommand(): Subcommand {
  return {
    name: 'escape',
    description: 'run a command in the container of step 1, or of this step, after the calls that lead out of a chroot',
    positionals: [
      ['<step>', '1 or 2'],
      ['<command...>', 'what to run'],
    ],
    needsRoot: true,
    run(_, [step, ...command]) {
      if (step !== '1' && step !== '2') throw new Error(`escape takes step 1 or 2, got ${JSON.stringify(step)}`);
      const container = step === '1' ? stepOne.plan : plan;
      const options = { ...read({}, []), command };
      const escaping = {
        ...stepOne.step,
        plan: () => extend(container(options), 'escape', { privileges: escapeChroot() }),
      };
      return run(escaping, options, { stopTimeout: 10, stopSignal: constants.signals.SIGTERM, sigProxy: true });
    },
  };
}
