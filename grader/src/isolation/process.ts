import {
  AT_FDCWD,
  chdir,
  clone,
  dup3,
  execve,
  O_CLOEXEC,
  O_RDONLY,
  openat,
  type ResourceLimit,
  RLIMIT_CORE,
  RLIMIT_CPU,
  RLIMIT_DATA,
  setrlimit,
} from 'shared-native';
import { become, becomes } from 'step-04';
import { howItEnded, notStarted } from './ended.ts';
import { openPipes } from './pipes.ts';
import { CPU_SECONDS, MEMORY, NOBODY, node, type Place, type Student } from './place.ts';

/** What the report says of it. */
export const WEAK = "a process with Node's permission model, a system call filter and resource limits, in no container";

/**
 * The weaker way, where no container can be made. Node itself keeps it from files, programs, threads, addons and the network
 * (--permission), and a filter in the kernel from other processes; data and CPU time are limited (setrlimit(2)). Node's
 * manual says that its part is a seat belt, and no wall. It ends with the thread that started it. Where that is root, it isn't.
 */
export function startProcess({ command }: Place): Student {
  const pipes = openPipes();
  try {
    const nothing = openat(AT_FDCWD, '/dev/null', O_RDONLY | O_CLOEXEC);
    const child = clone([
      chdir('/'),
      setrlimit(RLIMIT_DATA, most(2 * MEMORY)), // V8 reserves more than it uses
      setrlimit(RLIMIT_CPU, { rlim_cur: CPU_SECONDS, rlim_max: CPU_SECONDS + 1 }),
      setrlimit(RLIMIT_CORE, most(0)),
      ...(process.geteuid?.() === 0 ? become(NOBODY) : []),
      ...pipes.attach(becomes([execve(node(), [node(), ...command], [])], [nothing, dup3(nothing, 0)])),
    ]);
    child.proceed();
    return {
      ...pipes.ours(),
      kill: () => void child.kill('SIGKILL'),
      ended: child.exited.then(({ status, signal, failure }) =>
        failure ? notStarted(failure) : howItEnded(status, signal),
      ),
    };
  } finally {
    pipes.close();
  }
}

function most(value: number): ResourceLimit {
  return { rlim_cur: value, rlim_max: value };
}
