import { type Argument, type Call, type Fd, type Field, makeCall } from '../call.ts';
import { bytes, fd, pointer, room, struct, u64, within } from './arguments.ts';
import { manual } from './manual.ts';

/**
 * One of several pieces of memory that are written in one go: bytes; the room of another call of the same program, all of
 * it or as much as the result of a call says; or the result of a call itself, as 8 bytes.
 */
export type Piece = Uint8Array | { readonly room: Uint8Array; readonly length?: Call } | { readonly result: Call };

/** IOV_MAX in <linux/uio.h>. */
const MOST = 1024;

manual('writev', {
  words: ({ fd, iovcnt }) => `write ${iovcnt} pieces to descriptor ${fd}, one after another, in one go`,
  errors: {
    EBADF: 'the descriptor is not open for writing; open it with O_WRONLY or O_RDWR',
    EAGAIN: 'there is no room now, and the descriptor does not wait (O_NONBLOCK); wait until it is writable',
    EINVAL: 'the lengths come to more than a write may have, or there are more than 1024 pieces; write less at once',
    ENOSPC: 'the filesystem is full; make room, or rotate the file',
    EPIPE: 'no one reads the other end any more; the reader ended first, so look why',
    EFBIG: 'the file would get larger than RLIMIT_FSIZE allows; raise it, or rotate the file',
  },
});

/**
 * Writes pieces of memory one after another. No other write to the same file gets between them. The result is how many bytes
 * were taken.
 *
 * In a graph the last piece can be as long as a result says, such as that of the `read` which filled its room.
 *
 * @param descriptor - what to write to
 * @param pieces - 1 to 1024
 * @see {@link https://man7.org/linux/man-pages/man2/writev.2.html | writev(2)}
 */
export function writev(descriptor: Fd, pieces: readonly Piece[]): Call {
  const fields = pieces.flatMap((piece, nth): [string, Field][] => {
    const [base, length] = fieldsOf(piece);
    return [
      [`base${nth}`, pointer(base)],
      [`len${nth}`, length],
    ];
  });
  return makeCall('writev', {
    fd: fd('fd', descriptor),
    iov: struct('iovec', Object.fromEntries(fields)),
    iovcnt: within('iovcnt', pieces.length, 1, MOST),
  });
}

function fieldsOf(piece: Piece): [base: Argument, length: Field] {
  if (piece instanceof Uint8Array) return [bytes(piece), u64('iov_len', piece.length)];
  if ('result' in piece) return [struct('long', { result: pointer(fd('result', piece.result)) }), u64('iov_len', 8)];
  const { room: into, length } = piece;
  return [room(into), length ? pointer(fd('iov_len', length)) : u64('iov_len', into.length)];
}
