import { addressBytes, macOfLink } from 'shared-native';
import { shortHash, state } from 'step-04';
import { chosenBridge } from './bridge-options.ts';
import type { Network } from './network.ts';

/** A MAC address that is made of an IP address: who gets the address next has the same, and nobody who remembers it is wrong. */
export function macOf([first = '']: readonly string[]): string {
  const four = [...addressBytes(first)].slice(-4);
  return ['02', '42', ...four.map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

/** A bridge's MAC address: it begins as its containers' do. One whose name somebody chose is told by it from all others. */
export function macOfBridge(network: Network): string {
  return chosenMac(network) ?? macOf(network.subnets.map(({ gateway }) => gateway));
}

/** That of a bridge whose name somebody chose: no other network has it, and no other root's. */
export function chosenMac({ name, options }: Pick<Network, 'name' | 'options'>): string | undefined {
  if (chosenBridge(options) === undefined) return undefined;
  const hash = Number.parseInt(shortHash(`${state().name}/${name}`), 36);
  return macOf([[24, 16, 8, 0].map((bits) => (hash >>> bits) & 255).join('.')]);
}

/**
 * Does the name that somebody chose for a bridge belong to another interface by now: to the bridge of a network that was made later,
 * or is another root's, or to something else of the host's?
 *
 * @param mac - that of the bridge, if its name was chosen
 */
export function isAnothers(bridge: string, mac: string | undefined): boolean {
  return mac !== undefined && (macOfLink(bridge) ?? mac) !== mac;
}
