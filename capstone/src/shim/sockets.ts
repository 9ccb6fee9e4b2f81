import { closeSync } from 'node:fs';
import {
  MSG_CMSG_CLOEXEC,
  MSG_DONTWAIT,
  perform,
  pidfdGetfd,
  receivedIn,
  recvmsg,
  roomFor,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
  socketpair,
  tolerate,
} from 'shared-native';
import type { Process } from '../containers/record.ts';
import { openProcess } from '../gone.ts';

/** Makes two sockets that are connected with each other. What is sent into one keeps its descriptors open until it is received. */
export function socketPair(): [number, number] {
  const pair = new Uint8Array(8);
  perform(socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC, pair));
  const [one = -1, other = -1] = new Int32Array(pair.buffer);
  return [one, other];
}

/**
 * Takes a copy of one of a shim's descriptors.
 *
 * @returns undefined if the shim has ended
 * @throws {SyscallError} EPERM: another user's
 */
export function copyOf(shim: Process, number: number): number | undefined {
  const pidfd = openProcess(shim);
  if (pidfd === undefined) return undefined;
  try {
    return perform(pidfdGetfd(pidfd, number));
  } finally {
    closeSync(pidfd);
  }
}

/**
 * The next message in a socket; undefined if there is none.
 *
 * @param bytes - the longest that it is
 * @param most - the most descriptors in it
 * @param flags - with MSG_PEEK it stays there
 */
export function nextIn(
  socket: number,
  bytes: number,
  most: number,
  flags: number,
): { text: string; descriptors: number[] } | undefined {
  const room = roomFor(bytes, most);
  const length = perform(tolerate(recvmsg(socket, room, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC), 'EAGAIN'));
  if (length <= 0) return undefined;
  return { text: Buffer.from(room.data.subarray(0, length)).toString(), descriptors: receivedIn(room) };
}
