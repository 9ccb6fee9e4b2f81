import { close } from './calls/descriptor.ts';
import { write } from './calls/file.ts';
import { socket } from './calls/namespace.ts';
import { recvfrom } from './calls/socket.ts';
import { AF_NETLINK, IPPROTO_UDP, NETLINK_NETFILTER, SOCK_CLOEXEC, SOCK_RAW } from './kernel/constants.ts';
import { ERRNO, errnoName } from './kernel/errno.ts';
import { perform } from './perform.ts';
import { FLAGS } from './rtnetlink/message.ts';
import { errnoIn, NLMSG_ERROR } from './rtnetlink/tell.ts';

/**
 * Makes the kernel forget the UDP flows to some ports, and so where it has led their packets so far. The next packet of
 * each counts as its first again, to which the nat rules apply. Fine if this kernel remembers no flows.
 *
 * @param ports - the flows' destination ports, as their packets came in
 * @throws {Error} if the kernel refuses
 * @see {@link https://man7.org/linux/man-pages/man7/netlink.7.html | netlink(7)}, NETLINK_NETFILTER
 */
export function forgetUdpFlows(ports: readonly number[]): void {
  const netfilter = perform(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  try {
    perform(write(netfilter, message(IPCTNL_MSG_CT_GET, NLM_F_DUMP, Buffer.alloc(NFGENMSG))));
    const found = dumped(netfilter).filter((flow) => ports.includes(udpPort(flow) ?? -1));
    for (const flow of found) {
      perform(write(netfilter, message(IPCTNL_MSG_CT_DELETE, FLAGS.NLM_F_ACK, flow)));
      const [answer = Buffer.alloc(0)] = received(netfilter);
      unlessRefused(answer, 'ENOENT'); // it has just run out
    }
  } finally {
    perform(close(netfilter));
  }
}

/** All flows, each as a nfgenmsg (the family) and its attributes. */
function dumped(netfilter: number): Buffer[] {
  const flows: Buffer[] = [];
  for (;;) {
    for (const answer of received(netfilter)) {
      const type = answer.readUInt16LE(4);
      if (type === NLMSG_ERROR) unlessRefused(answer, 'EINVAL'); // no part of this kernel answers for flows
      if (type === NLMSG_ERROR || type === NLMSG_DONE) return flows;
      flows.push(answer.subarray(HEADER));
    }
  }
}

function unlessRefused(answer: Buffer, fine: string): void {
  const errno = errnoIn(answer);
  if (errno === 0 || errno === ERRNO[fine]) return;
  throw new Error(`the kernel does not say what UDP flows it remembers, or forget them: ${errnoName(errno)}`);
}

/** The port that a flow's first packet was sent to; undefined if it isn't UDP. */
function udpPort(flow: Buffer): number | undefined {
  const tuple = attributes(flow.subarray(NFGENMSG)).get(CTA_TUPLE_ORIG);
  const protocol = tuple && attributes(tuple).get(CTA_TUPLE_PROTO);
  const its = protocol && attributes(protocol);
  return its?.get(CTA_PROTO_NUM)?.readUInt8() === IPPROTO_UDP ? its.get(CTA_PROTO_DST_PORT)?.readUInt16BE() : undefined;
}

/** The messages that have come: the kernel puts as many into one packet as there is room for. */
function received(netfilter: number): Buffer[] {
  const room = Buffer.alloc(ROOM);
  return parts(room.subarray(0, perform(recvfrom(netfilter, room))), (at) => at.readUInt32LE());
}

/** Attributes by their types. Each begins with its length and its type, which may have flags on top. */
function attributes(bytes: Buffer): Map<number, Buffer> {
  const all = parts(bytes, (at) => at.readUInt16LE());
  return new Map(all.map((one) => [one.readUInt16LE(2) & NLA_TYPE_MASK, one.subarray(4)]));
}

/** What stands one after another, each aligned to 4 bytes. */
function parts(bytes: Buffer, lengthOf: (rest: Buffer) => number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = lengthOf(bytes.subarray(at));
    if (length < 4) break;
    found.push(bytes.subarray(at, at + length));
    at += Math.ceil(length / 4) * 4;
  }
  return found;
}

function message(type: number, flags: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(HEADER + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(FLAGS.NLM_F_REQUEST | flags, 6);
  return Buffer.concat([header, body]);
}

/** What a packet of a dump has at most (bytes). */
const ROOM = 65_536;

// <linux/netlink.h>
const HEADER = 16; // a nlmsghdr, in bytes
const NLM_F_DUMP = 0x300;
const NLMSG_DONE = 3;
const NLA_TYPE_MASK = 0x3f_ff;

// <linux/netfilter/nfnetlink.h>, nfnetlink_conntrack.h
const NFGENMSG = 4; // bytes
const IPCTNL_MSG_CT_GET = 0x1_01; // of NFNL_SUBSYS_CTNETLINK, which is 1
const IPCTNL_MSG_CT_DELETE = 0x1_02;
const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_PROTO = 2;
const CTA_PROTO_NUM = 1;
const CTA_PROTO_DST_PORT = 3;
