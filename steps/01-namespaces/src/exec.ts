import {
  type Call,
  CLOSE_RANGE_CLOEXEC,
  closeRange,
  defaultSignals,
  F_SETFD,
  fcntl,
  setsid,
  umask,
} from 'shared-native';

// #region what a program inherits
/**
 * The last stage: what the process passes on to the program that it becomes. A session of its own, with standard input,
 * output and error, which Node has marked close-on-exec.
 *
 * @param execve - the calls that start the program; the first that works is the last that is made
 * @param stdio - what makes standard input, output and error its own: by default, that they stay open
 */
export function becomes(execve: readonly Call[], stdio?: readonly Call[]): Call[] {
  return [...session(stdio), ...cleared(), ...execve];
}

/** A session of its own. */
export function session(stdio: readonly Call[] = [0, 1, 2].map(staysOpen)): Call[] {
  return [setsid(), ...stdio];
}

/**
 * Nothing that may have leaked in: no other descriptor (CVE-2024-21626 was one), and the file mode mask and the standard
 * signals as after a login.
 */
export function cleared(): Call[] {
  return [closeRange(3, 0xffff_ffff, CLOSE_RANGE_CLOEXEC), umask(0o022), ...defaultSignals()];
}
// #endregion

/** Keeps a descriptor open across execve: Node has marked its own to be closed. */
export function staysOpen(descriptor: number): Call {
  return fcntl(descriptor, F_SETFD, 0);
}
