import { atLeast, type Call, type Fd, tolerate } from '../call.ts';
import { socket } from '../calls/namespace.ts';
import { recvfrom, sendto } from '../calls/socket.ts';
import { AF_NETLINK, MSG_DONTWAIT, SOCK_CLOEXEC, SOCK_RAW } from '../kernel/constants.ts';
import type { Message } from './message.ts';

/** Room for a nlmsgerr and the message that it is about. */
const ANSWER = 1024; // bytes
/** No call answers so much: what receives anything at all stops the program. */
const NOTHING = 2 ** 31;

/**
 * The calls of a program that tell the kernel something by rtnetlink. Without NLM_F_ACK it answers nothing but an error,
 * and at once: so after each message the only good answer is that none has come (EAGAIN). An error stops the program,
 * and `refusedMessage` reads what it was.
 *
 * @see {@link https://man7.org/linux/man-pages/man7/netlink.7.html | netlink(7)}
 */
export function tell(messages: readonly Message[]): Call[] {
  const rtnetlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
  return [rtnetlink, ...messages.flatMap((message) => [sendto(rtnetlink, message), noRefusal(rtnetlink)])];
}

function noRefusal(rtnetlink: Fd): Call {
  return tolerate(atLeast(recvfrom(rtnetlink, new Uint8Array(ANSWER), MSG_DONTWAIT), NOTHING), 'EAGAIN');
}

/** The errno in what the kernel answered to a message: a nlmsghdr, then a nlmsgerr, which begins with it. 0 is none. */
export function errnoIn(answer: Uint8Array): number {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  return view.getUint16(4, true) === NLMSG_ERROR ? -view.getInt32(16, true) : 0;
}

/** <linux/netlink.h>: the type of an answer that is an error, or an acknowledgement. */
export const NLMSG_ERROR = 2;
