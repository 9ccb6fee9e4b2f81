import { closeSync, readFileSync } from 'node:fs';
import { clone, dup3, execvp, MFD_CLOEXEC, memfdCreate, perform } from 'shared-native';
import { cleared, staysOpen } from 'step-08';
import { programOrName } from './program.ts';

/**
 * Runs a program of this machine. It is started as a container's is: that takes a quarter of the time that Node's own way does.
 *
 * @returns why it failed, such as what it wrote to its standard error; empty if it didn't
 * @throws {SyscallError} if the kernel starts no process
 */
export async function whyItFailed([program = '', ...args]: readonly string[]): Promise<string> {
  const written = perform(memfdCreate('stderr', MFD_CLOEXEC));
  try {
    const start = execvp([programOrName(program), ...args], [], '/usr/bin');
    const child = clone([...[0, 1].map(staysOpen), dup3(written, 2, 0), ...cleared(), ...start]);
    child.proceed();
    const { status, signal, failure } = await child.exited;
    if (failure) return `${program} can't be run: ${failure.code}`;
    if (status === 0) return '';
    return (
      readFileSync(`/proc/self/fd/${written}`, 'utf8').trim() || `${program} ended with ${signal ?? `status ${status}`}`
    );
  } finally {
    closeSync(written);
  }
}
