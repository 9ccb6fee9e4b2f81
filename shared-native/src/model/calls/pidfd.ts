import {
  PIDFD_NONBLOCK,
  PIDFD_SIGNAL_PROCESS_GROUP,
  PIDFD_SIGNAL_THREAD,
  PIDFD_SIGNAL_THREAD_GROUP,
} from '../../kernel/constants.ts';
import { fail, ModelError } from '../errors.ts';
import { addDescriptor, descriptor, freeNumber } from '../files/descriptors.ts';
import { nameless } from '../files/nsfs.ts';
import { fileAt } from '../files/open.ts';
import type { Family } from '../handler.ts';
import { processOf, send } from '../process/processes.ts';
import type { OtherProcess, Process, State } from '../state.ts';

const SENDS: readonly number[] = [0, PIDFD_SIGNAL_THREAD, PIDFD_SIGNAL_THREAD_GROUP];

/** Processes by descriptors, which never come to mean another process: pidfd_open(2). */
export const pidfdCalls: Family<'pidfd_open' | 'pidfd_send_signal' | 'pidfd_getfd'> = {
  pidfd_open(state, args) {
    const [pid, flags] = [args.int('pid'), args.uint('flags')];
    if (flags & ~PIDFD_NONBLOCK || pid <= 0) fail('EINVAL');
    processOf(state, pid);
    freeNumber(state);
    return addDescriptor(state, fileAt(nameless(state, 'anon_inodefs', { kind: 'pidfd', pid }), flags), true);
  },

  pidfd_send_signal(state, args) {
    const flags = args.uint('flags');
    if (flags === PIDFD_SIGNAL_PROCESS_GROUP) throw new ModelError('pidfd_send_signal: the model signals one process');
    if (!SENDS.includes(flags)) fail('EINVAL');
    const target = processBehind(state, args.int('pidfd'));
    if (!args.isNull('info')) throw new ModelError('pidfd_send_signal: the model takes no info');
    return send(state, [target], args.int('sig'));
  },

  pidfd_getfd(state, args) {
    if (args.uint('flags') !== 0) fail('EINVAL');
    const target = processBehind(state, args.int('pidfd'));
    if (target !== state.process) throw new ModelError('pidfd_getfd: the model knows descriptors of one process only');
    return addDescriptor(state, descriptor(state, args.int('targetfd')).file, true);
  },
};

/** @throws EBADF, ESRCH */
function processBehind(state: State, pidfd: number): Process | OtherProcess {
  const { special } = descriptor(state, pidfd).file.place.inode;
  return special?.kind === 'pidfd' ? processOf(state, special.pid) : fail('EBADF');
}
