import type { MountSpec } from './mount.ts';

/** The words that may stand behind the second colon, by what they are about: of each kind there may be one. */
export const MODES = {
  access: ['rw', 'ro'],
  propagation: ['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared'],
  copy: ['nocopy'],
  label: ['z', 'Z'],
  consistency: ['consistent', 'cached', 'delegated'],
} as const;

// #region what -v means
/**
 * What `-v` says, read as docker reads it: `[SOURCE:]TARGET[:MODE]`. A source that begins with a slash is a path of the
 * host's; any other is the name of a volume; without one it is a volume that has no name. The mode is words of `MODES`
 * with commas between them, no two of one kind; an empty one is fine. `/data:ro` is an error, and no volume at "ro": so
 * two parts of which the second could be a mode are refused.
 *
 * @returns `type`, `target`, `readOnly`, and `source` unless it has none. If the mode says so, `bind: { propagation }` and
 *   `volume: { noCopy: true }`, which are left out otherwise. Whether the target is absolute is looked at elsewhere, and so
 *   is whether all this goes together.
 * @throws {Error} `invalid volume specification: '…'`, or `invalid mode: …`
 */
export function parseVolume(spec: string): MountSpec {
  // #region task 1: what -v means
  const parts = spec.split(':');
  const [first = '', second, mode = ''] = parts;
  const isNoTarget = parts.length === 2 && isMode(second ?? '');
  if (first === '' || isNoTarget || parts.length > 3) throw new Error(`invalid volume specification: '${spec}'`);
  if (!isMode(mode)) throw new Error(`invalid mode: ${mode}`);
  const words = mode.split(',');
  const propagation = MODES.propagation.find((word) => words.includes(word));
  return {
    type: second !== undefined && first.startsWith('/') ? 'bind' : 'volume',
    ...(second !== undefined && { source: first }),
    target: second ?? first,
    readOnly: words.includes('ro'),
    ...(propagation && { bind: { propagation } }),
    ...(words.includes('nocopy') && { volume: { noCopy: true } }),
  };
  // #endregion
}
// #endregion

/** Is it a mode: words that there are, of each kind no more than one? */
export function isMode(text: string): boolean {
  if (text === '') return true;
  const kinds = text
    .split(',')
    .map((word) => Object.values(MODES).findIndex((kind) => kind.some((one) => one === word)));
  return !kinds.includes(-1) && new Set(kinds).size === kinds.length;
}
