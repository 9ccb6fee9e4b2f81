import {
  AT_FDCWD,
  type Call,
  CLOSE_RANGE_CLOEXEC,
  close,
  closeRange,
  F_SETFD,
  fchdir,
  fcntl,
  O_CLOEXEC,
  O_DIRECTORY,
  O_PATH,
  openat2,
  RESOLVE_NO_MAGICLINKS,
  setsid,
} from 'shared-native';
import { type Addition, own, pipes } from 'step-10';
import type { Process } from '../config/schema.ts';

/** A session with its streams, in the directory where the program begins: no link of /proc leads there (CVE-2024-21626). */
export function streams(
  process: Process,
  terminal: readonly Call[] | undefined,
  preserveFds: number,
): Pick<Addition, 'privileges'> {
  const cwd = openat2(AT_FDCWD, process.cwd, {
    flags: O_PATH | O_DIRECTORY | O_CLOEXEC,
    resolve: RESOLVE_NO_MAGICLINKS,
  });
  const passed = Array.from({ length: preserveFds }, (_, nth) => fcntl(3 + nth, F_SETFD, 0));
  const stdio = terminal ?? [...own(pipes(), process.user?.uid ?? 0), ...[0, 1, 2].map((fd) => fcntl(fd, F_SETFD, 0))];
  const others = closeRange(3 + preserveFds, ~0, CLOSE_RANGE_CLOEXEC);
  return { privileges: [setsid(), ...stdio, ...passed, others, cwd, fchdir(cwd), close(cwd)] };
}
