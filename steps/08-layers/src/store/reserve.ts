import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stagedPath } from './blobs.ts';
import { linkOnce } from './files.ts';
import type { Digest } from './image.ts';
import { whileAdding } from './lock.ts';
import { blobPath, hex } from './places.ts';
import { chainFile } from './record.ts';
import type { Workplace } from './workplace.ts';

/**
 * Takes a blob of the store's into a workplace, too: there it stays whatever is removed.
 *
 * @returns was there one?
 */
export function reserveBlob({ directory }: Workplace, digest: Digest): boolean {
  return whileAdding(() => {
    const isThere = existsSync(blobPath(digest));
    if (isThere) linkOnce(blobPath(digest), stagedPath(directory, digest));
    return isThere;
  });
}

/** Keeps layers unpacked, or those that are about to be, while a workplace is there: nobody removes a chain id that has two links. */
export function reserveLayers({ directory }: Workplace, chainIds: readonly Digest[]): void {
  whileAdding(() => {
    for (const chainId of new Set(chainIds)) linkOnce(chainFile(chainId), join(directory, `chain-${hex(chainId)}`));
  });
}
