import { isUtf8 } from 'node:buffer';
import { STDOUT } from '../frames.ts';
import type { Line } from '../lines.ts';

/**
 * A line as docker's driver `json-file` writes it, which programs that collect logs read. A byte that isn't UTF-8 becomes U+FFFD,
 * and what a page of HTML would take for a tag is escaped, as Go does.
 *
 * @param attributes - what `--log-opt labels=…`, `env=…` and `tag=…` add to each line
 * @see {@link https://docs.docker.com/engine/logging/drivers/json-file/ | JSON File logging driver}
 */
export function dockerJson({ bytes, stream, time }: Line, attributes: Readonly<Record<string, string>> = {}): string {
  const line = JSON.stringify({
    log: textOf(bytes),
    stream: stream === STDOUT ? 'stdout' : 'stderr',
    ...(Object.keys(attributes).length > 0 && { attrs: attributes }),
    time: rfc3339Nano(time),
  });
  return `${line.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Go puts a U+FFFD for each byte that is wrong, and JavaScript one for several: so those are read one by one. */
function textOf(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString();
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at);
    text += length === 0 ? '\ufffd' : Buffer.from(bytes.subarray(at, at + length)).toString();
    at += length || 1;
  }
  return text;
}

/** Bytes of the character there; 0 if there is none. */
function lengthAt(bytes: Uint8Array, at: number): number {
  return [1, 2, 3, 4].find((length) => at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) ?? 0;
}

/** Go's format of that name: without zeros at the end of the fraction. */
function rfc3339Nano(time: bigint): string {
  const date = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = String(time % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${date}${fraction && `.${fraction}`}Z`;
}
