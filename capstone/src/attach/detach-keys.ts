/** What docker detaches by unless told otherwise. */
export const DETACH_KEYS = 'ctrl-p,ctrl-q';

const CONTROL = '@abcdefghijklmnopqrstuvwxyz[\\]^_';

// #region detach keys
/**
 * The bytes of a sequence of keys, as docker spells it: characters, `ctrl-` and one of `@`, a to z, `[`, `\`, `]`, `^`, `_`, or
 * `DEL`, with commas between. None are the usual ones.
 *
 * @throws {Error} in docker's words, for what is no key
 */
export function bytesOfKeys(typed: string): number[] {
  return (typed || DETACH_KEYS).split(',').map((key) => {
    if (key === 'DEL') return 127;
    const code = key.startsWith('ctrl-') && key.length === 6 ? CONTROL.indexOf(key.slice(5)) : -1;
    if (code >= 0) return code;
    if (Buffer.byteLength(key) === 1) return key.charCodeAt(0);
    throw new Error(`invalid detach keys (${typed}): Unknown character: '${key}'`);
  });
}

/**
 * Looks for the keys in what is typed. The first of them are kept back until it is clear that the others don't follow; the one
 * that is wrong doesn't begin the sequence anew, as with docker.
 *
 * @returns for each piece: what is to be passed on, and whether the keys have come
 */
export function detachBy(keys: readonly number[]): (typed: Uint8Array) => { pass: Uint8Array; detached: boolean } {
  let matched = 0;
  return (typed) => {
    const pass: number[] = [];
    for (const byte of typed) {
      if (byte === keys[matched]) {
        matched++;
        if (matched === keys.length) return { pass: Uint8Array.from(pass), detached: true };
      } else {
        pass.push(...keys.slice(0, matched), byte);
        matched = 0;
      }
    }
    return { pass: Uint8Array.from(pass), detached: false };
  };
}
// #endregion
