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
 * The last stage: what the process passes on to the program that it becomes. A session of its own. Standard input,
 * output and error, which Node has marked close-on-exec, and nothing else that may have leaked in (CVE-2024-21626
 * was one leaked descriptor). The file mode mask and the signals as after a login.
 *
 * @param execve - the calls that start the program; the first that works is the last that is made
 */
export function becomes(execve: readonly Call[]): Call[] {
  return [
    setsid(),
    ...[0, 1, 2].map((stdio) => fcntl(stdio, F_SETFD, 0)),
    closeRange(3, 0xffff_ffff, CLOSE_RANGE_CLOEXEC),
    umask(0o022),
    ...defaultSignals(),
    ...execve,
  ];
}
// #endregion
