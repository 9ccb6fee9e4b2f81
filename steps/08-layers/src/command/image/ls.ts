import { Filters, listing, put, type Row } from 'step-07';
import { humanSize } from '../../format/human.ts';
import { familiarRepository, type Reference } from '../../reference.ts';
import type { Digest } from '../../store/image.ts';
import { isAkin, isTagged } from '../../store/names.ts';
import { keptContainers } from '../../store/use.ts';
import { filterOf, isNamed } from './filters.ts';
import { shortId } from './named.ts';
import { allImages, printedTime, type Summary, since } from './summary.ts';

interface Flags {
  readonly digests?: boolean;
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly trunc: boolean;
  readonly quiet?: boolean;
}

/** What the columns of a list of images are called. */
export const HEADINGS = {
  Repository: 'REPOSITORY',
  Tag: 'TAG',
  Digest: 'DIGEST',
  ID: 'IMAGE ID',
  CreatedSince: 'CREATED',
  CreatedAt: 'CREATED AT',
  Size: 'SIZE',
  ...{ Containers: 'CONTAINERS', VirtualSize: 'SIZE', SharedSize: 'SHARED SIZE', UniqueSize: 'UNIQUE SIZE' },
};
const FILTERS = ['dangling', 'label', 'label!', 'before', 'since', 'until', 'reference'];
const NONE = '<none>';

/** Lists images, a line for each name. */
export function ls({ digests, filter = [], format, trunc, quiet }: Flags, repository?: string): number {
  const filters = repository === undefined ? filter : [...filter, `reference=${repository}`];
  const all = allImages().filter(filterOf(filters, FILTERS));
  const isShown = new Filters(filters, FILTERS).values('reference').map(isNamed);
  const users = usersOf();
  const rows = all.flatMap((summary) => rowsOf(summary, () => users(summary.image.id), trunc, isShown));
  if (quiet && format === undefined) {
    put(rows.map(({ ID }) => `${ID}\n`).join(''));
    return 0;
  }
  const shown = ['Repository', 'Tag', ...(digests ? ['Digest'] : []), 'ID', 'CreatedSince', 'Size'];
  put(listing(rows, { headings: HEADINGS, shown, type: '*formatter.imageContext' }, format));
  return 0;
}

/** Counts the containers that have an image. It looks at them when it is asked first: each has a file to be read. */
function usersOf(): (id: Digest) => number {
  let kept: ReturnType<typeof keptContainers> | undefined;
  return (id) => {
    kept ??= keptContainers();
    return kept.get(id)?.length ?? 0;
  };
}

/** An image's rows, one for each name. @param users - how many containers have it @param isShown - tests, of which a name must pass one, if there are any */
export function rowsOf(
  { image, names, size, created }: Summary,
  users: () => number,
  trunc: boolean,
  isShown: readonly ReturnType<typeof isNamed>[],
): Row[] {
  const about = {
    ID: trunc ? shortId(image.id) : image.id,
    CreatedSince: since(created),
    CreatedAt: printedTime(created),
    Size: humanSize(size),
    VirtualSize: humanSize(size, 4),
    ...{ Containers: () => String(users()), SharedSize: 'N/A', UniqueSize: 'N/A' },
  };
  const wanted = names.filter((name) => isShown.length === 0 || isShown.some((test) => test({ names: [name] })));
  if (names.length === 0) return [{ Repository: NONE, Tag: NONE, Digest: NONE, ...about }];
  return shownNames(wanted).map((name) => ({ ...named(name, names), ...about }));
}

/** A digest is shown with the tags of its repository, and by itself only if there are none. */
function shownNames(names: readonly Reference[]): Reference[] {
  return names.filter((name) => name.tag !== undefined || !isTagged(names.filter((other) => isAkin(name, other))));
}

function named(name: Reference, names: readonly Reference[]) {
  const { digest = NONE } = names.find((other) => other.digest !== undefined && isAkin(name, other)) ?? {};
  return { Repository: familiarRepository(name), Tag: name.tag ?? NONE, Digest: name.digest ?? digest };
}
