import { type ExecListener, statusOf } from 'step-10';
import { tell } from '../../containers/event.ts';
import { randomBytes } from '../../containers/random-bytes.ts';
import type { BoxRecord } from '../../containers/record.ts';

/**
 * Writes down what docker's events tell of a command in a container: that it is wanted, and begun, also where it then can't be; and
 * how it ended. Of one that runs on by itself nobody sees the end.
 */
export function listenerFor(record: BoxRecord): ExecListener {
  const execID = randomBytes(32).toString('hex');
  return {
    begins({ command: [program, ...args] }) {
      for (const what of ['exec_create', 'exec_start'])
        tell(`${what}: ${program} ${args.join(' ')}`, record, { execID });
    },
    ended(ended, options) {
      if (ended.failure || options.detach) return;
      tell('exec_die', record, { execID, exitCode: String(statusOf(ended, options)) });
    },
  };
}
