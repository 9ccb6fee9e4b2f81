import { CAP_NET_ADMIN } from '../../kernel/constants.ts';
import { ERRNO } from '../../kernel/errno.ts';
import { decode } from '../../rtnetlink/decode.ts';
import { encode } from '../../rtnetlink/encode.ts';
import type { Message } from '../../rtnetlink/message.ts';
import { resolved } from '../../rtnetlink/resolved.ts';
import { errorOf, fail, ModelError } from '../errors.ts';
import { capable } from '../process/capabilities.ts';
import type { NetworkNamespace, State, UserNamespace } from '../state.ts';
import { delAddress, newAddress } from './addresses.ts';
import { delLink, newLink, setLink } from './links.ts';
import { newNeighbour } from './neighbours.ts';
import { linkNamed } from './network.ts';
import { delRoute, newRoute } from './routes.ts';

type Change = (state: State, network: NetworkNamespace, message: Message) => void;

/** What the kernel does at each message. */
const CHANGES: Readonly<Record<Message['type'], Change>> = {
  RTM_NEWLINK: newLink,
  RTM_SETLINK: setLink,
  RTM_DELLINK: (_state, network, message) => delLink(network, message),
  RTM_NEWADDR: (_state, network, message) => newAddress(network, message),
  RTM_DELADDR: (_state, network, message) => delAddress(network, message),
  RTM_NEWROUTE: (_state, network, message) => newRoute(network, message),
  RTM_DELROUTE: (_state, network, message) => delRoute(network, message),
  RTM_NEWNEIGH: (_state, network, message) => newNeighbour(network, message),
};

/**
 * Carries out a message in a network namespace, as `request` does for real.
 *
 * @param pid - the process that `{ pid: true }` in the message stands for
 * @throws what the kernel answers; ENODEV for a name in it that no interface has
 * @throws {ModelError} for what the model doesn't know
 */
export function tellKernel(state: State, network: NetworkNamespace, message: Message, pid?: number): void {
  const indexOf = (name: string) => (linkNamed(network, name) ?? fail('ENODEV')).index;
  change(state, network, read(encode(resolved(message, indexOf, pid))));
}

function change(state: State, network: NetworkNamespace, message: Message): void {
  if (!capable(state, network.owner as UserNamespace, CAP_NET_ADMIN)) fail('EPERM');
  CHANGES[message.type](state, network, message);
}

const NLMSG_ERROR = 2;

/** What the kernel answers to bytes: nothing if it did as it was told and wasn't asked for an acknowledgement. */
export function answerTo(state: State, network: NetworkNamespace, bytes: Uint8Array): Uint8Array | undefined {
  const message = read(bytes);
  const error = errorOf(() => change(state, network, message));
  if (!error && !message.flags.includes('NLM_F_ACK')) return undefined;
  return nlmsgerr(error, bytes);
}

function read(bytes: Uint8Array): Message {
  try {
    return decode(bytes);
  } catch (error) {
    throw new ModelError(`the model doesn't know this message of rtnetlink: ${(error as Error).message}`);
  }
}

/** netlink(7): the error, and what it is about; of that only the header if there was none. */
function nlmsgerr(error: string | undefined, about: Uint8Array): Uint8Array {
  const shown = error ? about : about.subarray(0, 16);
  const answer = new Uint8Array(20 + Math.ceil(shown.length / 4) * 4);
  const view = new DataView(answer.buffer);
  view.setUint32(0, answer.length, true);
  view.setUint16(4, NLMSG_ERROR, true);
  if (!error) view.setUint16(6, 0x100, true); // NLM_F_CAPPED
  view.setInt32(16, error ? -(ERRNO[error] as number) : 0, true);
  answer.set(shown, 20);
  return answer;
}
