/**
 * Frees the memory of a chunk that was read, instead of leaving that to V8, which waits until there are tens of megabytes.
 * Empties the chunk. A stream may fill one piece of memory with several chunks: the last of them frees it. What may be shared
 * with others (Node gives out small buffers as parts of a pool) is left alone.
 */
export function giveBack({ buffer, byteOffset, length }: Buffer): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  const { byteLength } = buffer;
  if (byteLength === length || (byteLength > Buffer.poolSize && byteOffset + length === byteLength)) buffer.transfer(0);
}
