import { type Call, defaultRoute, isolated, linkUp, type Message, newAddress, newVeth, tell } from 'shared-native';
import type { Action } from 'step-04';
import { connectsContainers, mtuOf } from './bridge-options.ts';
import { removeLink, tellKernel } from './deeds.ts';
import type { Endpoint } from './network.ts';

// #region the container's end of the cable
/** How a container's first process sets up lo and its end of each cable, as `ip` would. */
export function ownEnd(endpoints: readonly Endpoint[]): Call[] {
  // #region task 3: the container's end of the cable
  return tell([
    linkUp('lo'),
    ...endpoints.flatMap(({ device, addresses, isDefault }) => [
      linkUp(device.name),
      ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
      ...(isDefault ? addresses.map(({ gateway }) => defaultRoute(gateway, device)) : []),
    ]),
  ]);
  // #endregion
}
// #endregion

/** How its further addresses are set up, which lead no farther than the bridge: docker's lengths of their prefixes. */
export function linkLocals({ device, linkLocalIps = [] }: Endpoint): Message[] {
  return linkLocalIps.map((address) => newAddress(device, address, address.includes(':') ? 64 : 16));
}

/** How a container's first process does so. */
export function linkLocalCalls(endpoints: readonly Endpoint[]): Call[] {
  const messages = endpoints.flatMap(linkLocals);
  return messages.length > 0 ? tell(messages) : [];
}

// #region the host's end
/** Plugs a container in, with a cable to the bridge of each of its networks. */
export function plugIn(endpoints: readonly Endpoint[]): Action[] {
  if (endpoints.length === 0) return [];
  return [
    {
      what: 'a cable between a bridge and the container',
      when: 'adopt',
      do: endpoints.flatMap(({ veth, network, device, mac }) => [
        tellKernel(newVeth(veth, network.bridge, { ...device, mac, mtu: mtuOf(network), pid: { pid: true } })),
        ...(connectsContainers(network) ? [] : [tellKernel(isolated(veth.name))]),
      ]),
      undo: endpoints.map(({ veth }) => removeLink(veth.name)),
    },
  ];
}
// #endregion
