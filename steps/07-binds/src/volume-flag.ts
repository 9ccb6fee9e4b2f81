import type { MountSpec } from './mount.ts';

/** The words that may follow the second colon, by kind. There may be one of each kind. */
export const MODES = {
  access: ['rw', 'ro'],
  propagation: ['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared'],
  copy: ['nocopy'],
  label: ['z', 'Z'],
  consistency: ['consistent', 'cached', 'delegated'],
} as const;

// #region what -v means
/**
 * Parses `-v` as docker does: `[SOURCE:]TARGET[:MODE]`. A source that begins with a slash is a path on the host, any other
 * is a volume's name, and without a source it is a volume without a name. The mode is a list of `MODES` words with commas
 * between them, at most one of each kind; it may be empty. If there are two parts and the second could be a mode, that is
 * an error: `/data:ro` doesn't mean a volume at "ro".
 *
 * @returns `type`, `target`, `readOnly`, and `source` if there is one. If the mode says so, also `bind: { propagation }` and
 *   `volume: { noCopy: true }`, which are left out otherwise. Whether the target is absolute, and whether all this fits
 *   together, is checked elsewhere.
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

/** Is it a mode: known words, at most one of each kind? */
export function isMode(text: string): boolean {
  if (text === '') return true;
  const kinds = text
    .split(',')
    .map((word) => Object.values(MODES).findIndex((kind) => kind.some((one) => one === word)));
  return !kinds.includes(-1) && new Set(kinds).size === kinds.length;
}
