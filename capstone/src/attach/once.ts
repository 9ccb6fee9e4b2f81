import { closeSync } from 'node:fs';
import { MSG_PEEK, perform, sendmsg } from 'shared-native';
import { hold } from 'step-10';
import { isAttached } from '../command/attached-stream.ts';
import type { Begun, BoxRecord } from '../containers/record.ts';
import { copyOf, nextIn, socketPair } from '../shim/sockets.ts';

// Standard input that is open once ends with that of whoever attaches first. If nobody is attached at the start, the end to
// write to can't be a descriptor of the shim's, for nobody could close it. So it is on its way to the shim, in a message that
// the shim never receives: the first who attaches looks at the message, has a copy, and receives it in the end.

/** Does its standard input end with that of the first who attaches? docker calls it StdinOnce. */
export function isOnce({ options }: Pick<BoxRecord, 'options'>): boolean {
  return options.interactive && options.tty === undefined && isAttached(options, 'stdin');
}

/** The socket by which it is on its way, as this process and the shim number it; and what sends it. */
export interface Once {
  readonly socket: number;
  /** Sends the end to write to, and closes it here. */
  send(typed: number): void;
}

/** A message needs some bytes to carry a descriptor. */
const MESSAGE = Buffer.from('stdin');

/** Makes a shim's socket. */
export function openOnce(): Once {
  const [socket, other] = socketPair();
  hold(socket);
  return {
    socket,
    send(typed) {
      perform(sendmsg(other, MESSAGE, [typed]));
      for (const fd of [typed, other]) closeSync(fd);
    },
  };
}

/** A copy of the end to write to; undefined if somebody's input has ended. */
export function copyOnce(run: Begun): number | undefined {
  return received(run, MSG_PEEK);
}

/** Ends it, once all copies are closed. */
export function endOnce(run: Begun): void {
  const fd = received(run, 0);
  if (fd !== undefined) closeSync(fd);
}

function received({ shim, once }: Begun, flags: number): number | undefined {
  const socket = shim && once !== undefined ? copyOf(shim, once) : undefined;
  if (socket === undefined) return undefined;
  try {
    return nextIn(socket, MESSAGE.length, 1, flags)?.descriptors[0];
  } finally {
    closeSync(socket);
  }
}
