import { SIG_BLOCK, SIG_IGN, SIG_SETMASK, SIG_UNBLOCK } from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import type { Family } from '../handler.ts';
import { send, targets } from '../process/processes.ts';
import { deliver, discardIgnored, NSIG, signalSet, UNSTOPPABLE } from '../process/signals.ts';
import { fieldsOf } from '../structs.ts';

const SIGSET_BYTES = 8n;
const ACTION = { sa_handler: 8, sa_flags: 8, sa_restorer: 8, sa_mask: 8 };

/** What signals do, and to whom: signal(7). */
export const signalCalls: Family<'rt_sigaction' | 'rt_sigprocmask' | 'kill'> = {
  rt_sigaction(state, args) {
    const { process } = state;
    assertSetSize(args);
    const signal = args.int('signum');
    const changes = !args.isNull('act');
    if (signal < 1 || signal > NSIG || (changes && UNSTOPPABLE.includes(signal))) fail('EINVAL');
    if (!changes) return 0;
    const { sa_handler: handler } = fieldsOf(args, 'act', ACTION);
    if (handler > SIG_IGN) throw new ModelError('a handler is code, which a program of calls has none of');
    process.handled.delete(signal);
    if (handler === BigInt(SIG_IGN)) process.ignored.add(signal);
    else process.ignored.delete(signal);
    discardIgnored(state, signal);
    return 0;
  },

  rt_sigprocmask(state, args) {
    const { process } = state;
    assertSetSize(args);
    if (args.isNull('set')) return 0;
    const set = fieldsOf(args, 'set', { sig: 8 }).sig & ~signalSet(...UNSTOPPABLE);
    process.blocked = newMask(process.blocked, args.int('how'), set);
    deliver(state);
    return 0;
  },

  kill(state, args) {
    return send(state, targets(state, args.int('pid')), args.int('sig'));
  },
};

function assertSetSize(args: Arguments): void {
  if (args.big('sigsetsize') !== SIGSET_BYTES) fail('EINVAL');
}

function newMask(old: bigint, how: number, set: bigint): bigint {
  if (how === SIG_BLOCK) return old | set;
  if (how === SIG_UNBLOCK) return old & ~set;
  return how === SIG_SETMASK ? set : fail('EINVAL');
}
