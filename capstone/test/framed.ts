/** The mark of a test's logs. */
export const mark = Buffer.from('0123456789abcdef');

/** What a container has written, as its shim writes it to a log with this mark. */
export function framed(stream: number, text: string, seconds = 1, nanoseconds = 0): Buffer {
  const words = BigInt64Array.from([stream, seconds, nanoseconds, Buffer.byteLength(text)].map(BigInt));
  return Buffer.concat([mark, new Uint8Array(words.buffer), Buffer.from(text)]);
}
