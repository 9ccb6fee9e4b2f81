import { AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW } from '../../kernel/constants.ts';
import { fail } from '../errors.ts';
import type { Family } from '../handler.ts';
import { execute } from '../process/execute.ts';
import { optionHandler } from '../process/prctl.ts';
import { processOf } from '../process/processes.ts';

/** What a process is: its program, its number, its group and session: credentials(7). */
export const processCalls: Family<'execve' | 'execveat' | 'exit_group' | 'getpid' | 'setsid' | 'setpgid' | 'prctl'> = {
  execve(state, args) {
    execute(state, args.text('pathname'), args.strings('argv'), args.strings('envp'));
    return 0;
  },

  execveat(state, args) {
    const flags = args.uint('flags');
    if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) fail('EINVAL');
    const follow = !(flags & AT_SYMLINK_NOFOLLOW);
    const where = { dirfd: args.int('dirfd'), follow, emptyPath: (flags & AT_EMPTY_PATH) !== 0 };
    execute(state, args.text('pathname'), args.strings('argv'), args.strings('envp'), where);
    return 0;
  },

  exit_group({ process }, args) {
    process.exited = args.int('status') & 0xff;
    return 0;
  },

  getpid: ({ process }) => process.pid,

  setsid({ process }) {
    if (process.pgid === process.pid) fail('EPERM');
    process.pgid = process.pid;
    process.sid = process.pid;
    process.terminal = null;
    return process.pid;
  },

  setpgid(state, args) {
    const { process, others } = state;
    const pid = args.int('pid') || process.pid;
    const pgid = args.int('pgid') || pid;
    if (pgid < 0) fail('EINVAL');
    if (processOf(state, pid) !== process) fail('ESRCH'); // another process, and no child of this one
    if (process.sid === process.pid) fail('EPERM');
    const exists = [process, ...others].some((one) => one.pgid === pgid && one.sid === process.sid);
    if (pgid !== pid && !exists) fail('EPERM');
    process.pgid = pgid;
    return 0;
  },

  prctl: (state, args) => optionHandler(args.int('option'))(state, args),
};
