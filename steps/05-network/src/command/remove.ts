import { happened, put, say } from 'step-04';
import { takeDown } from '../bridge.ts';
import { whileUnused } from '../lease.ts';
import { chosenMac } from '../mac.ts';
import type { Network } from '../network.ts';
import { bridgeName, forgetNetwork } from '../networks.ts';
import { Spoiled } from '../state-file.ts';
import { containersIn, type Members } from './containers.ts';
import { isPredefined, type Listed, networkOf } from './id.ts';

/** `network rm`: removes networks, and tells which. @returns the exit status: 1 if one couldn't be */
export function remove(names: readonly string[], force: boolean, members: Members): number {
  let status = 0;
  for (const name of names) {
    try {
      removeNetwork(name, members);
      put(`${name}\n`);
    } catch (error) {
      const { message } = error as Error;
      if (force && message.endsWith('not found')) continue;
      say(message);
      status = 1;
    }
  }
  return status;
}

/** Removes a network. @throws {Error} if a container uses it, or there is none */
export function removeNetwork(text: string, members: Members = containersIn): void {
  const { name, network, id, driver } = anyhow(text);
  if (isPredefined(name) || !network) throw new Error(`${name} is a pre-defined network and cannot be removed`);
  const removed = whileUnused(name, () => {
    takeDown(network.bridge, chosenMac(network));
    forgetNetwork(network);
  });
  if (!removed) {
    const users = members(name).map((one) => `name:"${one.name}" id:"${one.container.slice(0, 12)}"`);
    throw new Error(
      `error while removing network: network ${name} has active endpoints (${users.join(', ') || 'of a container that is being started'})`,
    );
  }
  happened({ Type: 'network', Action: 'destroy', id, attributes: { name, type: driver } });
}

/** Also of one whose file says nothing any more: the bridge's name follows from its own. */
function anyhow(
  text: string,
): Omit<Listed, 'network'> & { readonly network?: Pick<Network, 'name' | 'bridge' | 'options'> } {
  try {
    return networkOf(text);
  } catch (error) {
    if (!(error instanceof Spoiled)) throw error;
    return { name: text, driver: 'bridge', id: '', network: { name: text, bridge: bridgeName(text), options: {} } };
  }
}
