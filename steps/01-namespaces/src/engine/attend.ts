import {
  type Call,
  type Child,
  close,
  type Exit,
  type Made,
  openLifeline,
  openMeeting,
  PR_SET_PDEATHSIG,
  perform,
  pidfdGetfd,
  pidfdOpen,
} from 'shared-native';

/** A child that its parent attends to while it makes its program. */
export interface Attended extends Child {
  /** The host's copies of the descriptors that it was to take. None if the child ended before it had them. */
  taken(): Promise<readonly number[]>;
  /** Gives back what its parent has for it, once it has become its program: for a parent that won't wait for its end. */
  leave(): void;
}

/**
 * Starts a child whose parent takes copies of some of its descriptors, and whose every prctl(PR_SET_PDEATHSIG) is
 * followed by the question whether the parent is still there: the signal of one that died before never comes. The
 * calls that this takes are not shown among those that the child has made.
 *
 * @param takes - the calls of the program that open the descriptors to be taken
 * @param before - calls to be made before the program's: standard streams that aren't the caller's own
 */
export function attended(
  program: readonly Call[],
  clone: (calls: readonly Call[]) => Child,
  takes: readonly Call[],
  before: readonly Call[] = [],
): Attended {
  const lifeline = program.some(setsDeathSignal) ? openLifeline() : undefined;
  const meeting = takes.length > 0 ? openMeeting() : undefined;
  const first = [...(lifeline ? [lifeline.letGo] : []), ...(meeting?.letGo ?? []), ...before];
  const check = lifeline ? [lifeline.check] : [];
  const wait = meeting?.wait ?? [];
  const meetAfter = Math.max(...takes.map((call) => program.indexOf(call)));
  const isBeforeFork = program.findIndex(({ name }) => name === 'clone') > meetAfter;
  const calls = program.flatMap((call, index) => [
    call,
    ...(setsDeathSignal(call) ? check : []),
    ...(index === meetAfter ? wait : []),
  ]);
  const ours = new Set([...first, ...check, ...wait]);
  const shown = (all: readonly Made[]) => (ours.size === 0 ? all : all.filter(({ call }) => !ours.has(call)));
  const end = () => {
    lifeline?.end();
    meeting?.shut();
  };
  try {
    const child = clone([...first, ...calls]);
    const exited = child.exited.then((exit): Exit => {
      end();
      return { ...exit, made: shown(exit.made) };
    });
    const taken = async () => {
      if (!meeting || !(await meeting.reached())) return [];
      const opener = isBeforeFork ? child.pid : ((await child.born) ?? child.pid);
      const descriptors = copies(child, opener, takes);
      meeting.open();
      return descriptors;
    };
    return { ...child, exited, taken, leave: end, progress: () => shown(child.progress()) };
  } catch (error) {
    end();
    throw error;
  } finally {
    lifeline?.passedOn();
    meeting?.passedOn();
  }
}

/** Does a call ask for a signal when the parent dies? */
export function setsDeathSignal({ name, args: { option } }: Call): boolean {
  return name === 'prctl' && option?.kind === 'integer' && option.value === PR_SET_PDEATHSIG;
}

/** The process that has opened them waits, so it is there, and no other has its number. */
function copies(child: Child, opener: number, takes: readonly Call[]): number[] {
  const results = new Map(child.progress().map(({ call, result }) => [call, result]));
  const pidfd = perform(pidfdOpen(opener));
  try {
    return takes.map((call) => perform(pidfdGetfd(pidfd, results.get(call) ?? -1)));
  } finally {
    perform(close(pidfd));
  }
}
