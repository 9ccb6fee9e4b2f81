/**
 * Names of files are bytes, and those of a student's folder need not be UTF-8. Here a path is a text with one character
 * for each byte, so that it can be joined and compared, and nothing of it is lost.
 */
export type Bytes = string & { readonly bytes: unique symbol };

/** A path that somebody has typed, or that is ours. */
export function bytes(path: string): Bytes {
  return Buffer.from(path).toString('latin1') as Bytes;
}

/** A path as the system takes it. */
export function raw(path: Bytes): Buffer {
  return Buffer.from(path, 'latin1');
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One path within another. */
export function within(directory: Bytes, ...names: readonly (Bytes | string)[]): Bytes {
  return [directory, ...names].join('/') as Bytes;
}

/**
 * A name for people: `Léa`, or `L\xe9a` where it isn't UTF-8. Two names never read the same, so a backslash is doubled; and
 * nothing in it moves a terminal's cursor, or turns its text round.
 */
export function readable(name: Bytes): string {
  const text = asUtf8(name);
  return text === undefined ? name.replaceAll(/[^\x20-\x7e]|\\/g, escaped) : text.replaceAll(/\p{C}|\\/gu, escaped);
}

function asUtf8(name: Bytes): string | undefined {
  try {
    return UTF8.decode(raw(name));
  } catch {
    return undefined;
  }
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (character === '\\') return '\\\\';
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
}
