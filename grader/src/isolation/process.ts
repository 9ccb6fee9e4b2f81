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
  type SyscallError,
  setrlimit,
} from 'shared-native';
import { become, becomes } from 'step-04';
import { openPipes } from './pipes.ts';
import { CPU_SECONDS, MEMORY, NOBODY, NOT_STARTED, node, type Place, type Student } from './place.ts';

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

/** Why a process never began, in words. */
export function notStarted({ call, code, meaning }: SyscallError): string {
  return `${NOT_STARTED}: ${call.name}: ${code}: ${meaning}. It runs as user ${NOBODY.uid}, who must be able to read the course`;
}

/** How a process ended, in words. */
export function howItEnded(status: number | null, signal: string | null): string {
  if (signal === 'SIGXCPU') return `was stopped after ${CPU_SECONDS} s of CPU time`;
  // V8 gives up by abort(3), which the filter turns into the last resort of that: an illegal instruction.
  if (['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGILL'].includes(signal ?? '') || status === 134) {
    return 'ended because memory ran out, its stack was too deep, or it called process.abort';
  }
  if (signal !== null) return `was killed by ${signal}`;
  if (status === 13) return 'never got to its end: it waits for something that never comes';
  return `ended with status ${status}: does something call process.exit?`;
}
