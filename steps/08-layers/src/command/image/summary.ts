import { unlessSpoiled } from 'step-07';
import { ago, goTime } from '../../format/human.ts';
import type { Reference } from '../../reference.ts';
import { readImage } from '../../store/find.ts';
import type { Digest, Image } from '../../store/image.ts';
import { namesOf } from '../../store/names.ts';
import { idsWith } from '../../store/record.ts';
import { unpackedLayer } from '../../store/unpacked.ts';

/** What a list of images shows of one. */
export interface Summary {
  readonly image: Image;
  readonly names: readonly Reference[];
  /** Bytes of the files in its layers. */
  readonly size: number;
  /** When it was made, in milliseconds since 1970; undefined if it doesn't say. */
  readonly created: number | undefined;
}

/** All images, the newest first. */
export function allImages(): Summary[] {
  const images = idsWith('').flatMap((id) => unlessSpoiled(() => summaryOf(id)) ?? []);
  return images.sort(
    (one, other) => (other.created ?? 0) - (one.created ?? 0) || (one.image.id < other.image.id ? -1 : 1),
  );
}

/** Undefined if it has just been removed. */
export function summaryOf(id: Digest): Summary | undefined {
  const image = readImage(id);
  return image && { image, names: namesOf(id), size: sizeOf(image), created: createdAt(image.config.created) };
}

export function sizeOf({ layers }: Image): number {
  return layers.reduce((sum, layer) => sum + (unpackedLayer(layer)?.bytes ?? 0), 0);
}

export function createdAt(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) || time <= 0 ? undefined : time;
}

/** `3 days ago`, or `N/A`. */
export function since(created: number | undefined): string {
  return created === undefined ? 'N/A' : ago((Date.now() - created) / 1000);
}

/** As Go prints a time: `2026-01-02 03:04:05 +0000 UTC`; or `N/A`. */
export function printedTime(created: number | undefined): string {
  return created === undefined ? 'N/A' : goTime(created);
}
