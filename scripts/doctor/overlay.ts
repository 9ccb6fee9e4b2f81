import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Check, ok, type Result, warning } from './check.ts';
import { hasFilesystem } from './kernel-files.ts';
import { enter } from './namespaces.ts';
import { asRoot, isRoot, read, run } from './system.ts';

export const overlayChecks: Check[] = [{ name: 'overlayfs', run: overlay }];

// On a tmpfs, because an upper directory can't be on another overlay, which is what a container's /tmp is.
const script = `
  mount -t tmpfs tmpfs "$1" && cd "$1" && mkdir lower upper work merged && echo here >lower/file &&
  mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged && test -s merged/file`;

/** Really mounts one, in a mount namespace that takes it away again. */
async function overlay(): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-doctor-'));
  const attempt = await run([...enter, '--mount', 'sh', '-c', script, 'sh', folder]);
  rmdirSync(folder);
  if (attempt.ok) return ok('mounts');
  return unmountable(attempt.output, read('/proc/filesystems') ?? '');
}

/** Why OverlayFS can't be mounted. */
export function unmountable(output: string, filesystems: string): Result {
  const effect = 'step 8, layers';
  if (hasFilesystem(filesystems, 'overlay')) {
    const who = isRoot ? '' : ' without root';
    return warning('known to the kernel', `${effect}, can't run here${who}: mounting said ${output}`);
  }
  const meaning = `${effect}, can't run: the kernel's module is missing or not loaded. Mounting said ${output}`;
  return warning('not in /proc/filesystems', meaning, asRoot('modprobe overlay'));
}
