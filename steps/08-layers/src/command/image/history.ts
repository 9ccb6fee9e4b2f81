import { listing, put, type Row } from 'step-07';
import { humanSize } from '../../format/human.ts';
import type { History, Image } from '../../store/image.ts';
import { unpackedLayer } from '../../store/unpacked.ts';
import { imageNamed, shortId } from './named.ts';
import { assertPlatform } from './platform.ts';
import { createdAt, printedTime, since } from './summary.ts';

interface Flags {
  readonly format?: string;
  readonly human: boolean;
  readonly trunc: boolean;
  readonly quiet?: boolean;
  readonly platform?: string;
}

const HEADINGS = {
  ID: 'IMAGE',
  CreatedSince: 'CREATED',
  CreatedAt: 'CREATED AT',
  CreatedBy: 'CREATED BY',
  Size: 'SIZE',
  Comment: 'COMMENT',
};
/** Characters of a command that are shown. */
const WIDTH = 45;

/** Shows how an image was made, the last step first. */
export function history({ format, human, trunc, quiet, platform }: Flags, name: string): number {
  const image = imageNamed(name);
  assertPlatform(name, image, platform);
  const rows = rowsOf(image, human, trunc);
  if (quiet && format === undefined) put(rows.map(({ ID }) => `${ID}\n`).join(''));
  else {
    const shown = ['ID', human ? 'CreatedSince' : 'CreatedAt', 'CreatedBy', 'Size', 'Comment'];
    put(listing(rows, { headings: HEADINGS, shown, type: '*image.historyContext' }, format));
  }
  return 0;
}

function rowsOf(image: Image, human: boolean, trunc: boolean): Row[] {
  const layers = [...image.layers];
  const steps: readonly History[] = image.config.history ?? layers.map(() => ({ created: image.config.created ?? '' }));
  const rows = steps.map(({ created, created_by: by, comment, empty_layer: isEmpty }) => {
    const layer = isEmpty ? undefined : layers.shift();
    const size = layer === undefined ? 0 : (unpackedLayer(layer)?.bytes ?? 0);
    const time = createdAt(created);
    return {
      CreatedSince: human ? since(time) : (created ?? ''),
      CreatedAt: human ? printedTime(time) : (created ?? ''),
      CreatedBy: trunc ? short((by ?? '').replaceAll('\t', ' ')) : (by ?? ''),
      Size: human ? humanSize(size) : String(size),
      Comment: comment ?? '',
    };
  });
  const id = trunc ? shortId(image.id) : image.id;
  return rows.reverse().map((row, at) => ({ ID: at === 0 ? id : '<missing>', ...row }));
}

function short(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}
