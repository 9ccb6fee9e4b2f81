import { displayablePorts, duration, goTime, humanSize, type Layout, type Row } from 'step-10';
import type { BoxRecord } from '../../containers/record.ts';
import type { State } from '../../containers/state.ts';
import type { Health } from '../../health/state.ts';
import { commandText, ellipsis } from '../../shown/command.ts';
import { imageNameOf, shortImageName } from '../../shown/image-name.ts';
import { mountPoints } from '../../shown/mounts.ts';
import { networksOf } from '../../shown/networks.ts';
import { portsOf } from '../../shown/ports.ts';
import type { Sizes } from '../../shown/size.ts';
import { statusText } from '../../shown/status.ts';

/** A container as it was when somebody looked. */
export interface Seen {
  readonly record: BoxRecord;
  readonly state: State;
  readonly health: Health | undefined;
}

interface Showing {
  readonly trunc: boolean;
  readonly sizes?: Sizes;
  readonly images?: Map<string, string | undefined>;
}

const HEADINGS = {
  ...{ ID: 'CONTAINER ID', Names: 'NAMES', Image: 'IMAGE', Command: 'COMMAND', CreatedAt: 'CREATED AT' },
  ...{ RunningFor: 'CREATED', Ports: 'PORTS', State: 'STATE', Status: 'STATUS', Size: 'SIZE', Labels: 'LABELS' },
  ...{ Mounts: 'MOUNTS', LocalVolumes: 'LOCAL VOLUMES', Networks: 'NETWORKS', Platform: 'PLATFORM' },
};

const RAW = `container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
`;

/** A row of nothing. */
export const BLANK: Row = { ...Object.fromEntries(Object.keys(HEADINGS).map((name) => [name, ''])), Label: () => '' };

/** How `ps` prints. @param sized - with how large their files are? */
export function layout(sized: boolean): Layout {
  const shown = ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'];
  const more = sized ? ['Size'] : [];
  return {
    headings: HEADINGS,
    shown: [...shown, ...more],
    type: '*formatter.ContainerContext',
    raw: `${RAW}${sized ? 'size: {{.Size}}\n' : ''}`,
  };
}

/** What there is of a container for a template of `ps`. */
export function rowOf({ record, state, health }: Seen, { trunc, sizes, images }: Showing): Row {
  const { name, created, labels, options, image } = record;
  const command = commandText(options.command);
  const imageName = imageNameOf(record, images) || '<no image>';
  const short = (text: string) => (trunc ? ellipsis(text, 15) : text);
  return {
    Command: JSON.stringify(trunc ? ellipsis(command, 20) : command),
    CreatedAt: () => goTime(created),
    ID: shownId(record, trunc),
    Image: trunc ? shortImageName(imageName, image) : imageName,
    Labels: () =>
      Object.entries(labels)
        .map((pair) => pair.join('='))
        .sort()
        .join(),
    LocalVolumes: () => String(mountPoints(options).filter(({ Driver }) => Driver === 'local').length),
    Mounts: () =>
      mountPoints(options)
        .map(({ Name, Source }) => short(Name || Source))
        .join(),
    Names: name,
    Networks: () => networksOf(record).join(),
    Platform: null,
    Ports: displayablePorts(portsOf(record, state)),
    RunningFor: `${duration((Date.now() - created) / 1000)} ago`,
    Size: () => sizeText(sizes),
    State: state.status,
    Status: statusText(state, health),
    Label: (label) => labels[label] ?? '',
  };
}

/** A container's id as lists have it. */
export function shownId({ id }: Seen['record'], trunc: boolean): string {
  return trunc ? id.slice(0, 12) : id;
}

function sizeText(sizes?: Sizes): string {
  const { own = 0, all = 0 } = sizes ?? {};
  return all > 0 ? `${humanSize(own)} (virtual ${humanSize(all)})` : humanSize(own);
}
