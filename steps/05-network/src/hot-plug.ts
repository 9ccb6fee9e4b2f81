import { type Call, linkUp, type Message, newAddress, replaceDefaultRoute, tell } from 'shared-native';
import { type Action, type Deed, joining, type Running } from 'step-04';
import { bringUp } from './bridge.ts';
import { linkLocals, plugIn } from './cable.ts';
import { dropChain, makeTables, removeTables } from './deeds.ts';
import { known } from './etc/etc.ts';
import { etcOf } from './etc/files.ts';
import { ownLines } from './etc/hosts.ts';
import type { Endpoint, PublishedPort } from './network.ts';
import type { Options } from './options.ts';
import { ownRules } from './own-rules.ts';
import { publishedTable, wayIn } from './published.ts';
import { tableOf } from './tables.ts';

/** What is needed of a container that runs, to plug it in. */
type Plugged = Pick<Options, 'name' | 'hostname' | 'domainname'>;

/**
 * What the host does to put a container that runs on one more network, with its undo. The undo also takes it from a network
 * that it was on from its start: what isn't there is passed over.
 */
export function plugInto({ name, hostname, domainname }: Plugged, endpoint: Endpoint): Action[] {
  const its = { etc: etcOf(name), own: ownLines(hostname, domainname, endpoint) };
  return [
    bringUp(endpoint),
    ...known(its, [endpoint]),
    ...plugIn([endpoint]),
    ...ownRules(tableOf(`${name}.${endpoint.network.name}`), [endpoint], []),
    { what: 'its rules from its start', when: 'adopt', do: [], undo: [dropChain([tableOf(name), endpoint.veth.name])] },
  ];
}

/** How the container's end of one more cable is set up, by a process that enters its network namespace. */
export function setUpInside(running: Running, endpoint: Endpoint): Call[] {
  const { device, addresses } = endpoint;
  return insideNetwork(running, [
    linkUp(device.name),
    ...addresses.map(({ address, prefix }) => newAddress(device, address, prefix)),
    ...linkLocals(endpoint),
  ]);
}

/** How what is elsewhere is reached by another of a container's networks from now on. */
export function routeInside(running: Running, { device, addresses }: Endpoint): Call[] {
  return insideNetwork(
    running,
    addresses.map(({ gateway }) => replaceDefaultRoute(gateway, device)),
  );
}

/** How published ports lead to another of a container's networks; nowhere, without one. */
export function lead(name: string, ports: readonly PublishedPort[], to: Endpoint | undefined): Deed[] {
  const table = tableOf(name);
  if (ports.length === 0) return [];
  return [
    removeTables([{ family: 'inet', name: table }]),
    ...(to ? [makeTables([publishedTable(table, ports, to)]), ...wayIn(to)] : []),
  ];
}

function insideNetwork(running: Running, messages: readonly Message[]): Call[] {
  return [...(joining(running, ['net']).join ?? []), ...tell(messages)];
}
