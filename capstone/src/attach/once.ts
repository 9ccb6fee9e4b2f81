import { closeSync } from 'node:fs';
import {
  MSG_CMSG_CLOEXEC,
  MSG_DONTWAIT,
  MSG_PEEK,
  perform,
  pidfdGetfd,
  receivedIn,
  recvmsg,
  roomFor,
  SOCK_CLOEXEC,
  SOCK_SEQPACKET,
  sendmsg,
  socketpair,
  tolerate,
} from 'shared-native';
import { hold } from 'step-10';
import type { Begun, BoxRecord } from '../containers/record.ts';
import { openProcess } from '../gone.ts';

// Standard input that is open once ends with that of whoever attaches first. If nobody is attached at the start, the end to
// write to can't be a descriptor of the shim's, for nobody could close it. So it is on its way to the shim, in a message that
// the shim never receives: the first who attaches looks at the message, has a copy, and receives it in the end.

/** Does its standard input end with that of the first who attaches? docker calls it StdinOnce. */
export function isOnce({ options: { interactive, tty, typed } }: Pick<BoxRecord, 'options'>): boolean {
  const { detach = false, attach } = typed.flags as { detach?: boolean; attach?: readonly string[] };
  return interactive && tty === undefined && !detach && (attach?.includes('stdin') ?? true);
}

/** The socket by which it is on its way, as this process and the shim number it; and what sends it. */
export interface Once {
  readonly socket: number;
  /** Sends the end to write to, and closes it here. */
  send(typed: number): void;
}

/** Makes a shim's socket. */
export function openOnce(): Once {
  const pair = new Uint8Array(8);
  perform(socketpair(SOCK_SEQPACKET | SOCK_CLOEXEC, pair));
  const [socket = -1, other = -1] = new Int32Array(pair.buffer);
  hold(socket);
  return {
    socket,
    send(typed) {
      perform(sendmsg(other, Buffer.from('stdin'), [typed]));
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
  const pidfd = shim && once !== undefined ? openProcess(shim) : undefined;
  if (pidfd === undefined) return undefined;
  const socket = perform(pidfdGetfd(pidfd, once as number));
  const room = roomFor(5, 1);
  const answer = perform(tolerate(recvmsg(socket, room, flags | MSG_DONTWAIT | MSG_CMSG_CLOEXEC), 'EAGAIN'));
  for (const fd of [socket, pidfd]) closeSync(fd);
  return answer > 0 ? receivedIn(room)[0] : undefined;
}
