import { AF_NETLINK, MSG_DONTWAIT, MSG_TRUNC, SOCK_NONBLOCK } from '../../kernel/constants.ts';
import type { Arguments } from '../arguments.ts';
import { fail, ModelError, Waits } from '../errors.ts';
import { descriptor } from '../files/descriptors.ts';
import type { Family } from '../handler.ts';
import { answerTo } from '../network/rtnetlink.ts';
import type { OpenFile, Special, State } from '../state.ts';

type Socket = Extract<Special, { kind: 'socket' }>;

const NETLINK_ROUTE = 0;

/** Sockets of rtnetlink(7): messages are sent to the kernel, and it answers. */
export const socketCalls: Family<'sendto' | 'recvfrom'> = {
  sendto(state, args) {
    const { socket } = socketOf(state, args);
    if (!args.isNull('dest_addr')) throw new ModelError('sendto: only the kernel can be sent something, so no address');
    const length = Number(args.big('len'));
    const bytes = args.bytes('buf').slice(0, length);
    const answer = answerTo(state, socket.network, bytes);
    if (answer) socket.received.push(answer);
    return length;
  },

  recvfrom(state, args) {
    const { socket, file } = socketOf(state, args);
    const flags = args.uint('flags');
    const room = args.room('buf');
    const answer = socket.received[0];
    if (!answer) {
      if (flags & MSG_DONTWAIT || file.flags & SOCK_NONBLOCK) fail('EAGAIN');
      throw new Waits('the kernel has answered nothing');
    }
    socket.received.shift();
    const taken = answer.subarray(0, Math.min(Number(args.big('size')), room.length));
    room.set(taken);
    return flags & MSG_TRUNC ? answer.length : taken.length;
  },
};

/** @throws EBADF, ENOTSOCK @throws {ModelError} for another kind of socket */
function socketOf(state: State, args: Arguments): { socket: Socket; file: OpenFile } {
  const { file } = descriptor(state, args.int('sockfd'));
  const { special } = file.place.inode;
  if (special?.kind !== 'socket') return fail('ENOTSOCK');
  if (special.domain === AF_NETLINK && special.protocol === NETLINK_ROUTE) return { socket: special, file };
  throw new ModelError('of sockets, only those of rtnetlink are modelled');
}
