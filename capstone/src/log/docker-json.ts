import { STDOUT } from './frames.ts';
import type { Line } from './lines.ts';

/**
 * A line as docker's driver `json-file` writes it, which programs that collect logs read. Bytes that aren't UTF-8 become U+FFFD,
 * and what a page of HTML would take for a tag is escaped, as Go does.
 *
 * @see {@link https://docs.docker.com/engine/logging/drivers/json-file/ | JSON File logging driver}
 */
export function dockerJson({ bytes, stream, time }: Line): string {
  const log = Buffer.from(bytes).toString();
  const line = JSON.stringify({ log, stream: stream === STDOUT ? 'stdout' : 'stderr', time: rfc3339Nano(time) });
  return `${line.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Go's format of that name: without zeros at the end of the fraction. */
function rfc3339Nano(time: bigint): string {
  const date = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = String(time % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${date}${fraction && `.${fraction}`}Z`;
}
