import { existsSync, renameSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Digest } from './image.ts';
import { whileRemoving } from './lock.ts';
import { namesOf, sweepNames } from './names.ts';
import { removePartials } from './partial.ts';
import { hex, idPath, layerPath, places } from './places.ts';
import { list, readRecord } from './record.ts';
import { unpackedLayer } from './unpacked.ts';
import { claimImage } from './use.ts';
import { openWorkplace } from './workplace.ts';

/** Takes images out of the store, with what no other image needs. To be used while removing. */
export interface Remover {
  /** @returns the digests that are gone: the image's, and the chain ids of layers, the topmost first */
  remove(id: Digest): Digest[];
  /** Removes what no image has: it was left by a process that was killed. */
  sweep(): void;
  /** Bytes that are free again. */
  readonly freed: number;
}

/**
 * Removes from the store while nobody else adds or removes. What is removed is first moved out of sight, where nobody finds
 * it any more; to delete it takes longer, and comes after the lock.
 */
export function removing<T>(doing: (remover: Remover) => T): T {
  const images = openWorkplace(places().making);
  const layers = openWorkplace(places().unpacking);
  try {
    return whileRemoving(() => doing(remover(images.directory, layers.directory)));
  } finally {
    images.close();
    layers.close();
  }
}

/** Removes an image that has no name, and that nobody uses. */
export function discardImage(id: Digest): void {
  removing(({ remove }) => {
    const letGo = namesOf(id).length === 0 ? claimImage(id) : undefined;
    if (letGo === undefined) return;
    remove(id);
    letGo();
  });
}

function remover(images: string, layers: string): Remover {
  const removed = { freed: 0 };
  return Object.assign(removed, {
    remove(id: Digest): Digest[] {
      const record = readRecord(id);
      if (record === undefined) return [];
      const gone = join(images, hex(id));
      renameSync(idPath(id), gone);
      if (list(dirname(idPath(id))).length === 0) rmdirSync(dirname(idPath(id)));
      const links = list(gone);
      for (const link of links) unlinkSync(join(gone, link));
      for (const link of links) if (isHex(link)) dropBlob(link);
      return [id, ...record.chainIds.toReversed().filter((chainId) => dropChain(hex(chainId)))];
    },
    sweep() {
      removed.freed += removePartials(); // before the blobs, of which they may be links
      list(places().blobs).forEach(dropBlob);
      list(places().chains).forEach(dropChain);
      for (const layer of list(places().layers)) if (isHex(layer)) dropChain(layer);
      sweepNames();
    },
  });

  function dropBlob(name: string): void {
    const path = join(places().blobs, name);
    const { nlink, size } = statSync(path, { throwIfNoEntry: false }) ?? { nlink: 2, size: 0 };
    if (nlink > 1) return;
    unlinkSync(path);
    removed.freed += size;
  }

  /** False if an image has it, or it's gone already. */
  function dropChain(name: string): boolean {
    const chain = join(places().chains, name);
    const links = statSync(chain, { throwIfNoEntry: false })?.nlink ?? 0;
    if (links > 1) return false;
    const layer = layerPath(`sha256:${name}`);
    removed.freed += unpackedLayer({ chainId: `sha256:${name}` })?.bytes ?? 0;
    if (existsSync(layer)) renameSync(layer, join(layers, name));
    if (links === 1) unlinkSync(chain);
    return links === 1;
  }
}

function isHex(name: string): boolean {
  return /^[a-f0-9]{64}$/.test(name);
}
