import type { Subnet } from '../network.ts';
import { addressAt, type Block, block, cidrOf, offsetIn, overlap, size } from '../subnet.ts';
import type { CreateFlags } from './flags.ts';

/** The subnets of `--subnet`, each with its `--gateway` and `--ip-range`. @throws {Error} if one belongs to none, or is none */
export function subnetsOf({
  subnet = [],
  gateway = [],
  ipRange = [],
  auxAddress = {},
  ipv4 = true,
}: CreateFlags): Subnet[] {
  const blocks = subnet.map((cidr) => whole(cidr, 'subnet'));
  if (blocks.length === 0 && gateway.length + ipRange.length > 0) {
    throw new Error('every ip-range or gateway must have a corresponding subnet\nadd --subnet');
  }
  const versions = blocks.map(({ bits }) => bits);
  if (new Set(versions).size < versions.length)
    throw new Error(
      "bridge driver doesn't support multiple subnets\nA bridge can have one subnet of each version of IP",
    );
  if (!ipv4 && versions.includes(32)) throw new Error('an IPv4 subnet contradicts --ipv4=false');
  const gateways = belonging('gateway', gateway, blocks, (one, text) => offsetIn(one, text) !== undefined);
  const ranges = belonging('range', ipRange, blocks, (one, text) => holds(one, whole(text, 'ip-range')));
  const auxiliary = reserved(auxAddress, blocks);
  return blocks.map((one) => {
    const [range, others] = [ranges.get(one), auxiliary.get(one)];
    return {
      ...withGateway(cidrOf(one), gateways.get(one)),
      ...(range !== undefined && { ipRange: range }),
      ...(others && { auxiliary: others }),
    };
  });
}

/** The addresses of `--aux-address`, by name, of each subnet. @throws {Error} if one belongs to none */
function reserved(
  given: Readonly<Record<string, string>>,
  blocks: readonly Block[],
): Map<Block, Record<string, string>> {
  const found = new Map<Block, Record<string, string>>();
  for (const [name, address] of Object.entries(given)) {
    const one = blocks.find((block) => offsetIn(block, address) !== undefined);
    if (!one) throw new Error(`no matching subnet for aux-address ${address}`);
    found.set(one, { ...found.get(one), [name]: address });
  }
  return found;
}

/** Which of some texts belongs to which subnet. @throws {Error} if one belongs to none, or two to one */
function belonging(
  what: string,
  texts: readonly string[],
  blocks: readonly Block[],
  isIn: (one: Block, text: string) => boolean,
): Map<Block, string> {
  const found = new Map<Block, string>();
  for (const text of texts) {
    const one = blocks.find((block) => isIn(block, text));
    if (!one) throw new Error(`no matching subnet for ${what} ${text}`);
    if (found.has(one))
      throw new Error(`cannot configure multiple ${what}s (${found.get(one)}, ${text}) on the same subnet`);
    found.set(one, text);
  }
  return found;
}

/** A subnet with its gateway: the first address unless given. @throws {Error} if it can have none */
export function withGateway(cidr: string, gateway = addressAt(block(cidr), 1n)): Subnet {
  const subnet = block(cidr);
  const offset = offsetIn(subnet, gateway);
  const isLast = subnet.bits === 32 && offset === size(subnet) - 1n;
  if (size(subnet) < 4n) throw new Error(`invalid subnet ${cidr}: it has no room for a gateway and a container`);
  if (offset === 0n || isLast)
    throw new Error(`invalid gateway ${gateway}: the first and the last address of ${cidr} are nobody's`);
  return { cidr, gateway };
}

/** A block that is written as what it is: 10.1.0.0/16, not 10.1.2.3/16. */
function whole(cidr: string, what: string): Block {
  const found = blockOf(cidr, what);
  const [address] = cidr.split('/');
  if (offsetIn(found, address as string) === 0n) return found;
  throw new Error(`invalid network config:\ninvalid ${what} ${cidr}: it should be ${cidrOf(found)}`);
}

function blockOf(cidr: string, what: string): Block {
  try {
    return block(cidr);
  } catch (error) {
    const dockers =
      what === 'subnet'
        ? `invalid network config:\ninvalid subnet ${cidr}: invalid CIDR block notation`
        : `invalid CIDR address: ${cidr}`;
    throw new Error(`${dockers}\n${(error as Error).message}`, { cause: error });
  }
}

function holds(one: Block, other: Block): boolean {
  return one.prefix <= other.prefix && overlap(one, other);
}
