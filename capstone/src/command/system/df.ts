import { dataOf, humanSize, type Layout, listing, put, type Row, sizeOf, volumes, volumesDirectory } from 'step-10';
import { allImages, unpackedLayer } from 'step-10/store';
import { list } from '../../containers/find.ts';
import { isUp, stateOf } from '../../containers/state.ts';
import { mountPoints } from '../../shown/mounts.ts';
import { sizesOf } from '../../shown/size.ts';
import { sayErrors } from '../say-errors.ts';

const LAYOUT: Layout = {
  headings: { Type: 'TYPE', TotalCount: 'TOTAL', Active: 'ACTIVE', Size: 'SIZE', Reclaimable: 'RECLAIMABLE' },
  shown: ['Type', 'TotalCount', 'Active', 'Size', 'Reclaimable'],
  type: '*formatter.diskUsageContext',
};

/** Something of a kind: how many bytes it takes, and whether it is used. */
interface Part {
  readonly bytes: number;
  readonly active: boolean;
}

/** Shows how much of the disk is used, and how much of it nobody uses. */
export function df({ format }: { readonly format?: string }): number {
  const { records, errors } = list();
  const images = allImages();
  const used = new Set(records.map(({ image }) => image));
  const mounted = new Set(records.flatMap(({ options }) => mountPoints(options).flatMap(({ Name }) => Name ?? [])));
  const rows = [
    imagesRow(images.map(({ image }) => ({ active: used.has(image.id), layers: image.layers }))),
    row(
      'Containers',
      records.map((record) => ({ bytes: sizesOf(record).own, active: isUp(stateOf(record)) })),
    ),
    row(
      'Local Volumes',
      volumes(volumesDirectory()).map(({ name }) => ({
        bytes: sizeOf(dataOf(volumesDirectory(), name)),
        active: mounted.has(name),
      })),
    ),
    row('Build Cache', []),
  ];
  put(listing(rows, LAYOUT, format));
  return sayErrors(errors);
}

/** A layer that several images have takes its place once. */
function imagesRow(
  images: readonly { active: boolean; layers: readonly Parameters<typeof unpackedLayer>[0][] }[],
): Row {
  const bytesOf = (some: typeof images) => {
    const layers = new Map(some.flatMap((image) => image.layers).map((layer) => [layer.chainId, layer]));
    return [...layers.values()].reduce((sum, layer) => sum + (unpackedLayer(layer)?.bytes ?? 0), 0);
  };
  const active = images.filter((image) => image.active);
  const all = bytesOf(images);
  return shown('Images', images.length, active.length, all, all - bytesOf(active));
}

function row(type: string, parts: readonly Part[]): Row {
  const bytes = (some: readonly Part[]) => some.reduce((sum, one) => sum + one.bytes, 0);
  const idle = parts.filter(({ active }) => !active);
  return shown(type, parts.length, parts.length - idle.length, bytes(parts), bytes(idle));
}

function shown(Type: string, total: number, active: number, size: number, reclaimable: number): Row {
  const percent = size > 0 && Type !== 'Build Cache' ? ` (${Math.trunc((100 * reclaimable) / size)}%)` : '';
  return {
    Active: String(active),
    Reclaimable: `${humanSize(reclaimable, 4)}${percent}`,
    Size: humanSize(size, 4),
    TotalCount: String(total),
    Type,
  };
}
