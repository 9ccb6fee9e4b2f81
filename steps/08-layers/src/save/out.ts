import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoText, isatty } from 'shared-native';
import { typedPath, writeAll } from 'step-07';

/**
 * Writes an archive to a file that was typed, or to standard output, unless that is a terminal.
 *
 * @param trying - what fails if the file can't be made
 */
export function writeOut(
  archive: AsyncIterable<Buffer>,
  output: string | undefined,
  trying = 'save image',
): Promise<void> {
  return output === undefined ? toStandardOutput(archive) : toFile(archive, typedPath(output), trying);
}

async function toStandardOutput(archive: AsyncIterable<Buffer>): Promise<void> {
  if (isatty(1)) throw new Error('cowardly refusing to save to a terminal. Use the -o flag or redirect');
  for await (const chunk of archive) await writeAll(1, chunk);
}

/** The file is there when it's whole. */
async function toFile(archive: AsyncIterable<Buffer>, path: string, trying: string): Promise<void> {
  const making = `${path}.making-${process.pid}`;
  const file = opened(making, path, trying);
  try {
    for await (const chunk of archive) await writeAll(file, chunk);
    renameSync(making, path);
  } finally {
    closeSync(file);
    rmSync(making, { force: true });
  }
}

function opened(making: string, path: string, trying: string): number {
  try {
    return openSync(making, 'wx', 0o600);
  } catch (error) {
    const why = errnoText((error as NodeJS.ErrnoException).code ?? '');
    throw new Error(`failed to ${trying}: invalid output path: stat ${dirname(path)}: ${why}`, { cause: error });
  }
}
