import {
  CAP_SYS_NICE,
  CAP_SYS_RESOURCE,
  PRIO_PROCESS,
  PRIO_USER,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  RLIMIT_RTTIME,
} from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError } from '../errors.ts';
import type { Family } from '../handler.ts';
import { capable } from '../process/capabilities.ts';
import { processOf } from '../process/processes.ts';
import type { Limit, State } from '../state.ts';
import { answerAt, fieldsOf, inMemory, numbersOf } from '../structs.ts';

/** The most descriptors that a limit may allow: /proc/sys/fs/nr_open. */
const NR_OPEN = 1_048_576n;

const LIMIT = { rlim_cur: 8, rlim_max: 8 };

/** What a process may use: getrlimit(2), sched_setaffinity(2), getpriority(2). */
export const resourceCalls: Family<'setrlimit' | 'prlimit64' | 'sched_setaffinity' | 'sched_yield' | 'setpriority'> = {
  setrlimit: (state, args) => setLimit(state, args.uint('resource'), newLimit(args, 'rlim')),

  prlimit64(state, args) {
    const limit = newLimit(args, 'new_limit');
    assertSelf(state, args.int('pid'));
    const resource = args.uint('resource');
    const before = state.process.limits.get(resource);
    setLimit(state, resource, limit);
    if (!args.isNull('old_limit') && before)
      answerAt(args, 'old_limit', inMemory(BigUint64Array.of(before.soft, before.hard)));
    return 0;
  },

  sched_setaffinity(state, args) {
    assertSelf(state, args.int('pid'));
    const bytes = Number(args.uint('cpusetsize'));
    const mask = numbersOf(args, 'mask', 8).slice(0, Math.ceil(bytes / 8));
    const cpus = Array.from({ length: state.cpus }, (_, cpu) => cpu);
    const chosen = cpus.filter((cpu) => ((mask[Math.floor(cpu / 64)] ?? 0n) >> BigInt(cpu % 64)) & 1n);
    if (chosen.length === 0) fail('EINVAL');
    state.process.cpus = chosen;
    return 0;
  },

  sched_yield: () => 0,

  setpriority(state, args) {
    const which = args.int('which');
    if (which < PRIO_PROCESS || which > PRIO_USER) fail('EINVAL');
    if (which !== PRIO_PROCESS)
      throw new ModelError('setpriority: the model changes one process, and no group or user');
    assertSelf(state, args.int('who'));
    const nice = Math.max(-20, Math.min(19, args.int('prio')));
    if (nice < state.process.nice && !mayBeSo(state, nice)) fail('EACCES');
    state.process.nice = nice;
    return 0;
  },
};

function newLimit(args: Arguments, name: string): Limit | undefined {
  if (args.isNull(name)) return undefined;
  const { rlim_cur, rlim_max } = fieldsOf(args, name, LIMIT);
  return { soft: rlim_cur, hard: rlim_max };
}

/** Anyone may lower a hard limit, and only the host's CAP_SYS_RESOURCE raises one. */
function setLimit(state: State, resource: number, limit: Limit | undefined): number {
  if (resource > RLIMIT_RTTIME) fail('EINVAL');
  if (!limit) return 0;
  if (limit.soft > limit.hard) fail('EINVAL');
  if (resource === RLIMIT_NOFILE && limit.hard > NR_OPEN) fail('EPERM');
  const { limits } = state.process;
  const raises = limit.hard > (limits.get(resource) as Limit).hard;
  if (raises && !capable(state, state.firstUserNamespace, CAP_SYS_RESOURCE)) fail('EPERM');
  limits.set(resource, limit);
  return 0;
}

/** Less nice than it was: with the host's CAP_SYS_NICE, or as far as RLIMIT_NICE goes, where 1 is niceness 19. */
function mayBeSo(state: State, nice: number): boolean {
  const soft = state.process.limits.get(RLIMIT_NICE)?.soft ?? 0n;
  return soft >= BigInt(20 - nice) || capable(state, state.firstUserNamespace, CAP_SYS_NICE);
}

/** @throws ESRCH */
function assertSelf(state: State, pid: number): void {
  if (processOf(state, pid) === state.process) return;
  throw new ModelError(`process ${pid} is another, whose limits and processors are not in the model`);
}
