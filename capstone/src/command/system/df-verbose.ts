import { dataOf, humanSize, listing, put, type Row, sizeOf, volumes, volumesDirectory } from 'step-10';
import { allImages, IMAGE_HEADINGS, imageRows, type Summary, unpackedLayer } from 'step-10/store';
import { list } from '../../containers/find.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { stateOf } from '../../containers/state.ts';
import { readHealth } from '../../health/state.ts';
import { mountPoints } from '../../shown/mounts.ts';
import { sizesOf } from '../../shown/size.ts';
import { layout, rowOf } from '../ps/row.ts';
import { sayErrors } from '../say-errors.ts';

/** Shows each image, container and volume with what it takes of the disk: docker's four tables. */
export function dfVerbose(): number {
  const { records, errors } = list();
  const { headings } = layout(true);
  put('Images space usage:\n\n');
  put(listing(imagesOf(records), { headings: IMAGE_HEADINGS, shown: IMAGES }));
  put('\nContainers space usage:\n\n');
  put(listing(records.map(containerRow), { headings, shown: CONTAINERS }));
  put('\nLocal Volumes space usage:\n\n');
  put(listing(volumesOf(records), { headings: { Name: 'VOLUME NAME', Links: 'LINKS', Size: 'SIZE' }, shown: VOLUMES }));
  put('\nBuild cache usage: 0B\n\n'); // nothing is built here
  put(listing([], { headings: CACHE, shown: Object.keys(CACHE) }));
  return sayErrors(errors);
}

const IMAGES = ['Repository', 'Tag', 'ID', 'CreatedSince', 'Size', 'SharedSize', 'UniqueSize', 'Containers'];
const CONTAINERS = ['ID', 'Image', 'Command', 'LocalVolumes', 'Size', 'RunningFor', 'Status', 'Names'];
const VOLUMES = ['Name', 'Links', 'Size'];
const CACHE = {
  ...{ ID: 'CACHE ID', CacheType: 'CACHE TYPE', Size: 'SIZE', CreatedSince: 'CREATED', LastUsedSince: 'LAST USED' },
  ...{ UsageCount: 'USAGE', Shared: 'SHARED' },
};

/** A layer that several images have is shared by them. */
function imagesOf(records: readonly BoxRecord[]): Row[] {
  const all = allImages();
  const uses = new Map<string, number>();
  for (const { image } of all)
    for (const id of new Set(image.layers.map(({ chainId }) => chainId))) uses.set(id, (uses.get(id) ?? 0) + 1);
  return all.flatMap((summary) => {
    const shared = sharedOf(summary, uses);
    const users = records.filter(({ image }) => image === summary.image.id).length;
    const sizes = { SharedSize: humanSize(shared), UniqueSize: humanSize(summary.size - shared) };
    return imageRows(summary, () => users, true, []).map((row) => ({ ...row, ...sizes }));
  });
}

function sharedOf({ image }: Summary, uses: ReadonlyMap<string, number>): number {
  const shared = image.layers.filter(({ chainId }) => (uses.get(chainId) ?? 0) > 1);
  return shared.reduce((sum, layer) => sum + (unpackedLayer(layer)?.bytes ?? 0), 0);
}

function containerRow(record: BoxRecord): Row {
  const seen = { record, state: stateOf(record), health: readHealth(record) };
  return rowOf(seen, { trunc: true, sizes: sizesOf(record) });
}

function volumesOf(records: readonly BoxRecord[]): Row[] {
  const mounted = records.flatMap(({ options }) => [...new Set(mountPoints(options).map(({ Name }) => Name))]);
  return volumes(volumesDirectory()).map(({ name }) => ({
    Name: name,
    Links: String(mounted.filter((one) => one === name).length),
    Size: humanSize(sizeOf(dataOf(volumesDirectory(), name))),
  }));
}
