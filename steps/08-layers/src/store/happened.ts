import { happened } from 'step-07';
import { readImage } from './find.ts';
import type { Digest } from './image.ts';

/** Tells that something has happened to an image. @param name - what the event calls it; its id unless given */
export function imageHappened(Action: string, id: Digest, name: string = id): void {
  happened(() => {
    const labels = readImage(id)?.config.config?.Labels ?? {};
    return { Type: 'image', Action, id, attributes: { ...labels, name } };
  });
}
