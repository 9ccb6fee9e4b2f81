import type { Network } from './network.ts';
import { canonical } from './publish.ts';

const PREFIX = 'com.docker.network.';
const MTU = `${PREFIX}driver.mtu`;
const NAME = `${PREFIX}bridge.name`;
const ICC = `${PREFIX}bridge.enable_icc`;
const MASQUERADE = `${PREFIX}bridge.enable_ip_masquerade`;
const HOST_IP = `${PREFIX}bridge.host_binding_ipv4`;
const INTERFACES = `${PREFIX}container_iface_prefix`;

/** Go's strconv.ParseBool. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** The kernel's bounds of a cable's MTU (bytes): the upper one, the lower one, and the lower one where there is IPv6. */
const [LONGEST_PACKET, LEAST, LEAST_OF_IPV6] = [65_535, 68, 1280];
/** The longest name of an interface, in bytes. */
const LONGEST_NAME = 15;

/** Those of docker's bridge that this one doesn't have, with the values that change nothing. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  [`${PREFIX}bridge.inhibit_ipv4`]: FALSE,
  [`${PREFIX}bridge.gateway_mode_ipv4`]: ['nat', ''],
  [`${PREFIX}bridge.gateway_mode_ipv6`]: ['nat', ''],
};

/**
 * @param hasSix - does the network have addresses of IPv6?
 * @throws {Error} in docker's words, if an option of `network create` is none, or this bridge can't do what it asks for
 */
export function checkOptions(options: Readonly<Record<string, string>>, hasSix: boolean): void {
  for (const name of [ICC, MASQUERADE]) {
    const value = options[name];
    if (value !== undefined && ![...TRUE, ...FALSE].includes(value))
      throw unread(name, value, `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  checkMtu(options[MTU], hasSix ? LEAST_OF_IPV6 : LEAST);
  checkBridge(options[NAME]);
  const hostIp = options[HOST_IP];
  if (hostIp && !canonical(hostIp)?.includes('.')) throw unread(HOST_IP, hostIp, 'expected an address of IPv4');
  if (options[INTERFACES]) assertInterface(options[INTERFACES], LONGEST_NAME - 3);
  for (const [name, values] of Object.entries(FIXED)) {
    const value = options[name];
    if (value !== undefined && !values.includes(value))
      throw new Error(`${name} can't be ${JSON.stringify(value)}: a bridge of this course knows only "${values[0]}"`);
  }
}

/** In a name with a % the kernel would put a number of its own. */
function checkBridge(bridge = ''): void {
  if (bridge === '') return;
  if (Buffer.byteLength(bridge) <= LONGEST_NAME && /^[^\s/:%]+$/.test(bridge) && !/^\.\.?$/.test(bridge)) return;
  throw new Error(`numerical result out of range\n${JSON.stringify(bridge)} can't be the name of an interface`);
}

function checkMtu(mtu: string | undefined, least: number): void {
  if (mtu === undefined) return;
  if (!/^[+-]?\d+$/.test(mtu)) throw unread(MTU, mtu, `strconv.Atoi: parsing ${JSON.stringify(mtu)}: invalid syntax`);
  if (Number(mtu) < 0) throw new Error(`invalid MTU number: ${mtu}`);
  if (Number(mtu) > LONGEST_PACKET || (Number(mtu) > 0 && Number(mtu) < least))
    throw new Error(`invalid argument\nThe MTU of this network is from ${least} to ${LONGEST_PACKET}, got ${mtu}`);
}

/** The name of the interface, if one was chosen. */
export function chosenBridge(options: Readonly<Record<string, string>>): string | undefined {
  return options[NAME] || undefined;
}

/** The longest packet on its cables (bytes), if that was chosen. */
export function mtuOf({ options }: Network): number | undefined {
  return Number(options[MTU]) || undefined;
}

/** Do its containers reach one another? */
export function connectsContainers({ options }: Network): boolean {
  return !FALSE.includes(options[ICC] ?? 'true');
}

/** The host's address for the ports that are published at none in particular; empty for all of them. */
export function hostIpOf({ options }: Network): string {
  const hostIp = options[HOST_IP];
  return !hostIp || hostIp === '0.0.0.0' ? '' : hostIp;
}

/** What interfaces are called in containers, before their number. */
export function interfacesOf({ options }: Network): string {
  return options[INTERFACES] || 'eth';
}

/** @throws {Error} if it can't be the name of an interface */
export function assertInterface(name: string, longest = LONGEST_NAME): void {
  if (/^[a-zA-Z][\w.-]*$/.test(name) && name.length <= longest) return;
  throw new Error(
    `invalid interface name ${JSON.stringify(name)}: expected at most ${longest} letters, digits and _ . -, with a letter first`,
  );
}

/** Do packets that leave it get the host's address? */
export function masquerades({ options, internal }: Network): boolean {
  return !internal && !FALSE.includes(options[MASQUERADE] ?? 'true');
}

function unread(name: string, value: string, why: string): Error {
  return new Error(`failed to parse ${name} value: ${value} (${why})`);
}
