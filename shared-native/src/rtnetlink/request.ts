import { close } from '../calls/descriptor.ts';
import { ioctl } from '../calls/ioctl.ts';
import { socket } from '../calls/namespace.ts';
import { recvfrom, sendto } from '../calls/socket.ts';
import { SyscallError } from '../errors.ts';
import { AF_NETLINK, SIOCGIFHWADDR, SIOCGIFINDEX, SOCK_CLOEXEC, SOCK_RAW } from '../kernel/constants.ts';
import { perform } from '../perform.ts';
import type { Message } from './message.ts';
import { resolved } from './resolved.ts';
import { errnoIn } from './tell.ts';

/**
 * Tells the kernel something by rtnetlink, here and now, in this process's network namespace.
 *
 * @param pid - the process that `{ pid: true }` in the message stands for
 * @throws {SyscallError} if the kernel refuses: sendto with the message, and the errno that it answered
 */
export function request(message: Message, pid?: number): void {
  const rtnetlink = perform(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
  try {
    const whole = resolved(message, (name) => indexOf(name, rtnetlink), pid);
    const answer = new Uint8Array(1024);
    const asking = sendto(rtnetlink, { ...whole, flags: [...whole.flags, 'NLM_F_ACK'] });
    perform(asking);
    perform(recvfrom(rtnetlink, answer));
    const errno = errnoIn(answer);
    if (errno !== 0) throw new SyscallError(sendto(rtnetlink, whole), -errno);
  } finally {
    perform(close(rtnetlink));
  }
}

/** The MAC address of an interface of this network namespace; undefined if there is none of this name. */
export function macOfLink(name: string): string | undefined {
  const any = perform(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
  try {
    const mac = asked(name, any, SIOCGIFHWADDR).subarray(18, 24); // behind the two bytes that say what kind it is
    return [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  } catch (error) {
    if ((error as SyscallError).code === 'ENODEV') return undefined;
    throw error;
  } finally {
    perform(close(any));
  }
}

/** The index of an interface of the socket's network namespace. */
function indexOf(name: string, socket: number): number {
  return asked(name, socket, SIOCGIFINDEX).readInt32LE(16);
}

/** What the kernel answers about an interface (netdevice(7)): an ifreq is 40 bytes, 16 of them the name. */
function asked(name: string, socket: number, question: number): Buffer {
  const ifreq = Buffer.alloc(40);
  ifreq.write(name, 0, 15);
  perform(ioctl(socket, question, ifreq));
  return ifreq;
}
