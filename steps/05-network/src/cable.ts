import { type Call, defaultRoute, linkUp, newAddress, newVeth, tell } from 'shared-native';
import type { Action } from 'step-04';
import { makeTables, removeLink, removeTables, tellKernel } from './deeds.ts';
import type { Endpoint } from './network.ts';
import { ownAddressesOnly } from './rules.ts';
import type { Table } from './tables.ts';

// #region the container's end of the cable
/** How a container's first process sets up its end of each cable, and lo: what `ip` would do, without an `ip`. */
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

// #region the host's end
/** Plugs a container in: a cable from each of its networks' bridges, and on each what may come out of it. */
export function plugIn(table: string, endpoints: readonly Endpoint[]): Action[] {
  if (endpoints.length === 0) return [];
  const rules: Table = {
    family: 'netdev',
    name: table,
    chains: Object.fromEntries(endpoints.map((endpoint) => [endpoint.veth.name, ownAddressesOnly(endpoint)])),
  };
  return [
    {
      what: 'a cable between a bridge and the container',
      when: 'adopt',
      do: endpoints.map(({ veth, network, device, mac }) =>
        tellKernel(newVeth(veth, network.bridge, { ...device, mac, pid: { pid: true } })),
      ),
      undo: endpoints.map(({ veth }) => removeLink(veth.name)),
    },
    {
      what: 'nothing comes out of it but from its own addresses',
      when: 'adopt',
      do: [makeTables([rules])],
      undo: [removeTables([{ family: 'netdev', name: table }])],
    },
  ];
}
// #endregion
