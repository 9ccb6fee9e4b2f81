import { listing, naturally, put, type Row } from 'step-06';
import { dataOf, type Volume, volumes, volumesDirectory } from '../../volumes/store.ts';
import { isWanted } from '../filter.ts';
import { labelsOf } from './labels.ts';

interface ListFlags {
  readonly quiet?: boolean;
  readonly filter?: string[];
  readonly format?: string;
}

/** Lists volumes. */
export function list({ quiet, filter, format }: ListFlags): number {
  const found = volumes(volumesDirectory())
    .filter(isWanted(filter))
    .sort((one, other) => naturally(one.name, other.name));
  if (quiet && (format === undefined || format === 'table')) put(found.map(({ name }) => `${name}\n`).join(''));
  else put(listing(found.map(summary), LAYOUT, format));
  return 0;
}

/** What there is of a volume for a template of `volume ls`. */
function summary(volume: Volume): Row {
  const labels = labelsOf(volume);
  return {
    Availability: 'N/A',
    Driver: 'local',
    Group: 'N/A',
    Labels: Object.entries(labels)
      .map((pair) => pair.join('='))
      .sort()
      .join(),
    Links: 'N/A',
    Mountpoint: dataOf(volumesDirectory(), volume.name),
    Name: volume.name,
    Scope: 'local',
    Size: 'N/A',
    Status: 'N/A',
    Label: (name) => labels[name] ?? '',
  };
}

const LAYOUT = {
  headings: {
    ...{ Name: 'VOLUME NAME', Driver: 'DRIVER', Scope: 'SCOPE', Mountpoint: 'MOUNTPOINT', Labels: 'LABELS' },
    ...{ Links: 'LINKS', Size: 'SIZE', Availability: 'AVAILABILITY', Group: 'GROUP', Status: 'STATUS' },
  },
  shown: ['Driver', 'Name'],
  type: '*formatter.volumeContext',
  raw: 'name: {{.Name}}\ndriver: {{.Driver}}\n',
};
