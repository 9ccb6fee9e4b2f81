import koffi from 'koffi';
import { SIG_SETMASK } from '../kernel/constants.ts';
import { thisMachine } from '../kernel/syscall-numbers.ts';

thisMachine();
const libc = load();

/**
 * The C library, declared once. Addresses and machine words are plain numbers: Linux gives a process addresses
 * below 2^47. Nothing else in the course calls koffi's functions.
 */

/** syscall(2): any call by its number. -1 is failure; then, and only straight after, `errno()` says why. */
export const syscall: (number: number, ...six: Words) => number = libc.func(
  'long syscall(long, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t)',
);

/** clone(2), glibc's: starts the child on `fn(arg)` with a stack of its own. The pid, or -1. */
export const clone: (fn: number, stackTop: number, flags: number, arg: number, pidfd: Int32Array) => number = libc.func(
  'int clone(uintptr_t, uintptr_t, int, uintptr_t, _Out_ int *)',
);

/** mmap(2). The address, or `MAP_FAILED`. */
export const mmap: (
  address: number,
  length: number,
  prot: number,
  flags: number,
  fd: number,
  offset: number,
) => number = libc.func('intptr_t mmap(uintptr_t, size_t, int, int, int, long)');

/** mprotect(2): 0 or -1. */
export const mprotect: (address: number, length: number, prot: number) => number = libc.func(
  'int mprotect(uintptr_t, size_t, int)',
);

/** madvise(2): 0 or -1. */
export const madvise: (address: number, length: number, advice: number) => number = libc.func(
  'int madvise(uintptr_t, size_t, int)',
);

/** munmap(2): 0 or -1. */
export const munmap: (address: number, length: number) => number = libc.func('int munmap(uintptr_t, size_t)');

/** waitpid(2): writes the wait status to `status[0]`. The pid, 0 with WNOHANG while it runs, or -1. */
export const waitpid: (pid: number, status: Int32Array, options: number) => number = libc.func(
  'int waitpid(int, _Out_ int *, int)',
);

/** pipe2(2): writes the reading and the writing end. 0 or -1. */
export const pipe2: (ends: Int32Array, flags: number) => number = libc.func('int pipe2(_Out_ int *, int)');

/** pthread_sigmask(3): this thread's signal mask; sets are 128 bytes. 0, or the errno itself. */
export const pthread_sigmask: (how: number, set: Uint8Array, old: Uint8Array | null) => number = libc.func(
  'int pthread_sigmask(int, const void *, _Out_ uint8_t *)',
);

const ALL_SIGNALS = new Uint8Array(128).fill(0xff);

/** Does something while this thread takes no signal: those that come meanwhile come when it is done. */
export function withoutSignals<T>(doing: () => T): T {
  const before = new Uint8Array(128);
  pthread_sigmask(SIG_SETMASK, ALL_SIGNALS, before);
  try {
    return doing();
  } finally {
    pthread_sigmask(SIG_SETMASK, before, null);
  }
}

/** sigaction(2), glibc's: sets what a signal does; the structs are 152 bytes. 0 or -1. */
export const sigaction: (signal: number, action: Uint8Array, before: Uint8Array) => number = libc.func(
  'int sigaction(int, const void *, _Out_ uint8_t *)',
);

/** The calling thread's errno: only right directly after a synchronous call. */
export const errno = (): number => koffi.errno();

/** Memory outside JavaScript's heap, as bytes. It must not be touched once it is unmapped. */
export function view(address: number, length: number): Uint8Array {
  return new Uint8Array(koffi.view(address, length));
}

/**
 * Calls back, once, when a descriptor becomes readable; until then it keeps Node's event loop alive.
 *
 * @returns what stops waiting: to be called before the descriptor is closed
 */
export function whenReadable(descriptor: number, callback: () => void): () => void {
  let waiting = true;
  const stop = () => {
    if (waiting) handle.close();
    waiting = false;
  };
  const handle = koffi.node.poll(descriptor, { readable: true }, () => {
    stop();
    setImmediate(callback); // koffi calls back outside of Node's own callbacks, after which promises would be left lying
  });
  return stop;
}

/** Six machine words: what a system call takes at the most. */
export type Words = [
  number | bigint,
  number | bigint,
  number | bigint,
  number | bigint,
  number | bigint,
  number | bigint,
];

/** The C library of this process. @throws {Error} where it isn't glibc. */
function load() {
  const library = koffi.load(null);
  try {
    library.func('const char *gnu_get_libc_version()');
    return library;
  } catch (cause) {
    throw new Error(
      "shared-native starts processes with glibc's clone(), and this Node runs on another C library (Alpine has musl). Use a Debian, Ubuntu or Fedora machine or image.",
      { cause },
    );
  }
}
