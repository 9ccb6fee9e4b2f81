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
 * The last stage: decides what the program inherits, and starts it. It gets a new session, and standard input, output and
 * error, which Node has marked close-on-exec.
 *
 * @param execve - the calls that start the program; the first one that works is the last one made
 * @param stdio - the calls that set up standard input, output and error; by default they just stay open
 */
export function becomes(execve: readonly Call[], stdio?: readonly Call[]): Call[] {
  return [...session(stdio), ...cleared(), ...execve];
}

/** A new session, and its standard input, output and error. */
export function session(stdio: readonly Call[] = [0, 1, 2].map(staysOpen)): Call[] {
  return [setsid(), ...stdio];
}

/**
 * Closes descriptors that may have leaked in (CVE-2024-21626 was one), and resets the file mode mask and the signals to
 * what they are after a login.
 */
export function cleared(): Call[] {
  return [closeRange(3, 0xffff_ffff, CLOSE_RANGE_CLOEXEC), umask(0o022), ...defaultSignals()];
}
// #endregion

/** Keeps a descriptor open across execve: Node has marked its own to be closed. */
export function staysOpen(descriptor: number): Call {
  return fcntl(descriptor, F_SETFD, 0);
}
