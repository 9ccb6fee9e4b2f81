import { errnoText, type SyscallError } from 'shared-native';
import { type Ended, isStill, type Running, whyNoCommand } from 'step-05';
import type { ExecOptions } from './options.ts';
import { execStatus, NOT_STARTED } from './status.ts';

/** The exit status of a command that was to join a container. */
export function statusOf(ended: Ended, { container, detach }: ExecOptions): number {
  return foundItGone(ended, container) ? NOT_STARTED : execStatus(ended, detach);
}

/**
 * Why a command wasn't executed; nothing if it was.
 *
 * @returns runc's words, which docker's daemon writes where the command's output goes, and so do we; and for stderr, lines that
 * say all that is known
 */
export function whyNoExec(ended: Ended, options: ExecOptions): { output: string; lines: string[] } {
  const { failure } = ended;
  const { container, detach } = options;
  if (!failure) return { output: '', lines: [] };
  if (foundItGone(ended, container)) return { output: '', lines: [hasEnded(container)] };
  const { said, message } = whyNot(failure, ended, options);
  const runcs = `OCI runtime exec failed: exec failed: unable to start container process: ${said}: unknown\n`;
  return { output: detach ? '' : runcs, lines: [message] };
}

/** What is to join a container ends with it, wherever it is on its way. */
export function hasEnded({ name }: Running): string {
  return `container ${name} is not running any more: it ended before the command began`;
}

/** Did the process look for the container when that had ended already? */
function foundItGone({ failure }: Ended, container: Running): boolean {
  return failure?.code === 'ESRCH' && !isStill(container);
}

function whyNot(failure: SyscallError, ended: Ended, { command, container: { name, pid }, workdir }: ExecOptions) {
  if (failure.call.name !== 'openat2') return whyNoCommand(failure, ended, { command, rootfs: `/proc/${pid}/root` });
  const directory = JSON.stringify(workdir);
  return {
    said: `chdir to cwd (${directory}) set in config.json failed: ${errnoText(failure.code)}`,
    message: `container ${name} has no directory ${directory} to begin in: ${failure.code}`,
  };
}
