import { close } from '../calls/descriptor.ts';
import { ioctl } from '../calls/ioctl.ts';
import { socket } from '../calls/namespace.ts';
import { recvfrom, sendto } from '../calls/socket.ts';
import { SyscallError } from '../errors.ts';
import { AF_NETLINK, SIOCGIFINDEX, SOCK_CLOEXEC, SOCK_RAW } from '../kernel/constants.ts';
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

/** The index of an interface of the socket's network namespace (netdevice(7)): an ifreq is 40 bytes, 16 of them the name. */
function indexOf(name: string, socket: number): number {
  const ifreq = Buffer.alloc(40);
  ifreq.write(name, 0, 15);
  perform(ioctl(socket, SIOCGIFINDEX, ifreq));
  return ifreq.readInt32LE(16);
}
