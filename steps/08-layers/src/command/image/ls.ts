import { listing, put, type Row } from 'step-07';
import { humanSize } from '../../format/human.ts';
import { familiarRepository, type Reference } from '../../reference.ts';
import { isAkin, isTagged } from '../../store/names.ts';
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

const HEADINGS = {
  Repository: 'REPOSITORY',
  Tag: 'TAG',
  Digest: 'DIGEST',
  ID: 'IMAGE ID',
  CreatedSince: 'CREATED',
  CreatedAt: 'CREATED AT',
  Size: 'SIZE',
};
const FILTERS = ['dangling', 'label', 'label!', 'before', 'since', 'until', 'reference'];
const NONE = '<none>';

/** Lists images, a line for each name. */
export function ls({ digests, filter = [], format, trunc, quiet }: Flags, repository?: string): number {
  const isWanted = filterOf(repository === undefined ? filter : [...filter, `reference=${repository}`], FILTERS);
  const all = allImages().filter(isWanted);
  if (quiet && format === undefined) {
    const ids = all.flatMap(({ image, names }) => Array(Math.max(1, shownNames(names).length)).fill(image.id));
    put(ids.map((id) => `${trunc ? shortId(id) : id}\n`).join(''));
    return 0;
  }
  const shown = ['Repository', 'Tag', ...(digests ? ['Digest'] : []), 'ID', 'CreatedSince', 'Size'];
  const rows = all.flatMap((summary) => rowsOf(summary, trunc, repository));
  put(listing(rows, { headings: HEADINGS, shown }, format));
  return 0;
}

function rowsOf({ image, names, size, created }: Summary, trunc: boolean, repository: string | undefined): Row[] {
  const about = {
    ID: trunc ? shortId(image.id) : image.id,
    CreatedSince: since(created),
    CreatedAt: printedTime(created),
    Size: humanSize(size),
  };
  const wanted = repository === undefined ? names : names.filter((name) => isNamed(repository)({ names: [name] }));
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
