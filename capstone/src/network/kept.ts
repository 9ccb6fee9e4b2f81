import { closeSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { F_OFD_SETLK, F_UNLCK, fcntl, MSG_PEEK, perform, recvmsg, roomFor, sendmsg } from 'shared-native';
import { fileOf, hold } from 'step-10';
import type { Begun, Process } from '../containers/record.ts';
import { copyOf, nextIn, socketPair } from '../shim/sockets.ts';

// The lease of an address is a lock, and belongs to a process: a container's shim has the locks of those networks that the
// container was started with. For one that it is connected to later, the shim can't open anything. But it has two sockets that
// are connected with each other. A command copies one, and sends it the descriptors; nobody receives them, so the kernel keeps
// them open as long as the shim lives, however it ends.

/** The longest that a network's name is: that of a file. */
const NAME = 255;

/** Makes a shim's two sockets, which the shim then has by the same numbers. @returns their numbers: to send to, and to receive from */
export function openKeeping(): [number, number] {
  const pair = socketPair();
  for (const socket of pair) hold(socket);
  return pair;
}

/** Leaves descriptors with a container's shim, under a network's name. @throws {Error} if it has no sockets, or has ended */
export function keep({ shim, keeping }: Begun, network: string, descriptors: readonly number[]): void {
  withCopy(shim, keeping?.[0], (socket) => perform(sendmsg(socket, Buffer.from(network), descriptors)));
}

/** Takes back what `keep` has left there. The caller closes it. Of a network from the container's start there is nothing. */
export function takeBack({ shim, keeping }: Begun, network: string): number[] {
  let own: number[] = [];
  withCopy(shim, keeping?.[1], (socket) => {
    for (let first: string | undefined; ; ) {
      const message = nextIn(socket, NAME, MOST, MSG_PEEK);
      if (!message || message.text === first) return;
      const { text: name, descriptors } = message;
      // What another network needs is sent again before it is received: at any time, one copy is on its way.
      if (name === network) own = descriptors;
      else {
        first ??= name;
        withCopy(shim, keeping?.[0], (other) => perform(sendmsg(other, Buffer.from(name), descriptors)));
        for (const fd of descriptors) closeSync(fd);
      }
      perform(recvmsg(socket, roomFor(NAME, 0)));
    }
  });
  return own;
}

/** The most descriptors of one network: its lease, and its journal. */
const MOST = 2;

/** Gives back the addresses that a container has leased on a network at its start: its shim has the lock, and keeps the file. */
export function unlock({ shim }: Begun, network: string): void {
  if (!shim) return;
  const directory = `/proc/${shim.pid}/fd`;
  const found = readdirSync(directory).find((fd) => linkOf(join(directory, fd)) === fileOf(network));
  if (found === undefined) return;
  withCopy(shim, Number(found), (fd) => perform(fcntl(fd, F_OFD_SETLK, { l_type: F_UNLCK, l_start: 0n, l_len: 0 })));
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // it is closed by now
  }
}

/** Does something with a copy of one of a shim's descriptors. */
function withCopy(shim: Process | undefined, number: number | undefined, doing: (fd: number) => void): void {
  const copy = shim && number !== undefined ? copyOf(shim, number) : undefined;
  if (copy === undefined)
    throw new Error('its shim keeps no networks but those from its start: restart it, then connect it');
  try {
    doing(copy);
  } finally {
    closeSync(copy);
  }
}
