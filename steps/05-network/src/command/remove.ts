import { happened, put, say } from 'step-04';
import { takeDown } from '../bridge.ts';
import { whileUnused } from '../lease.ts';
import { forgetNetwork } from '../networks.ts';
import { containersIn, type Members } from './containers.ts';
import { isPredefined, networkOf } from './id.ts';

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
  const { name, network, id, driver } = networkOf(text);
  if (isPredefined(name) || !network) throw new Error(`${name} is a pre-defined network and cannot be removed`);
  const removed = whileUnused(name, () => {
    takeDown(network.bridge);
    forgetNetwork(network);
  });
  if (!removed) {
    const users = members(name).map((one) => `"${one.name}"`);
    throw new Error(
      `error while removing network: network ${name} has active endpoints (${users.join(', ') || 'of a container that is being started'})`,
    );
  }
  happened({ Type: 'network', Action: 'destroy', id, attributes: { name, type: driver } });
}
