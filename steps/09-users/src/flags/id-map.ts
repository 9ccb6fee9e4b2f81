import type { IdMap } from '../maps.ts';
import { MOST_IDS } from './userns.ts';

/** As many lines as the kernel takes: user_namespaces(7). */
const MOST_LINES = 340;

/** The value of --uidmap or --gidmap, as podman has it: `container:host:size`; without a size it is one id. @throws {Error} that quotes it */
export function parseIdMap(flag: '--uidmap' | '--gidmap') {
  return (text: string): IdMap => {
    const [, inside, outside, count = '1'] = /^(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
    const map = { inside: Number(inside), outside: Number(outside), count: Number(count) };
    const isRange = map.count > 0 && Math.max(map.inside, map.outside) + map.count <= MOST_IDS;
    if (isRange) return map;
    throw new Error(
      `Expected ${flag} to be CONTAINER:HOST:SIZE, with numbers of which none leads beyond ${MOST_IDS}, got ${JSON.stringify(text)}`,
    );
  };
}

/**
 * The ranges of one flag, if the kernel would take them, and the container has a root.
 *
 * @throws {Error} if two have an id in common, there are too many, or id 0 is in none
 */
export function checkMap(flag: string, map: readonly IdMap[]): readonly IdMap[] {
  if (map.length > MOST_LINES)
    throw new Error(`${flag} is given ${map.length} times, and the kernel takes ${MOST_LINES} ranges`);
  for (const [index, one] of map.entries()) {
    const other = map
      .slice(index + 1)
      .find((later) => overlaps(one, later, 'inside') || overlaps(one, later, 'outside'));
    if (other) throw new Error(`${flag}: ${said(one)} and ${said(other)} have ids in common`);
  }
  if (map.some(({ inside }) => inside === 0)) return map;
  throw new Error(`${flag} says nothing of id 0, and the container needs a root: add ${flag} 0:HOST:SIZE`);
}

function overlaps(one: IdMap, other: IdMap, side: 'inside' | 'outside'): boolean {
  return one[side] < other[side] + other.count && other[side] < one[side] + one.count;
}

function said({ inside, outside, count }: IdMap): string {
  return `${inside}:${outside}:${count}`;
}
