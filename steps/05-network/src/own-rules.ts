import type { Action, Deed } from 'step-04';
import { forgetFlows, makeTables, removeTables } from './deeds.ts';
import type { Endpoint, PublishedPort } from './network.ts';
import { publishedTable, wayIn } from './published.ts';
import { ownAddressesOnly } from './rules.ts';
import type { Table } from './tables.ts';

// #region rules of its own
/**
 * A container's own rules: which packets may leave its cables, and which come in through its published ports. They are made in
 * one transaction and removed in one, because each takes the kernel about 10 ms, until no packet is looking at the rules.
 *
 * @param name - the tables' name
 * @param ports - lead to the network with the container's default route, as in docker; without one they lead nowhere
 */
export function ownRules(name: string, endpoints: readonly Endpoint[], ports: readonly PublishedPort[]): Action[] {
  if (endpoints.length === 0) return [];
  const chains = Object.fromEntries(endpoints.map((endpoint) => [endpoint.veth.name, ownAddressesOnly(endpoint)]));
  const published = ports.length === 0 ? undefined : endpoints.find(({ isDefault }) => isDefault);
  const tables: Table[] = [
    { family: 'netdev', name, chains },
    ...(published ? [publishedTable(name, ports, published)] : []),
  ];
  const flows = published ? flowsTo(ports) : [];
  return [
    ...(published ? [{ what: 'the way in to its ports', when: 'adopt', do: wayIn(published), undo: [] } as const] : []),
    {
      what: `nothing comes out of it but from its own addresses${published ? '; its ports lead in' : ''}`,
      when: 'adopt',
      do: [makeTables(tables), ...flows],
      undo: [removeTables(tables.map(({ family, name }) => ({ family, name }))), ...flows],
    },
  ];
}
// #endregion

/** Makes the kernel forget UDP flows that began under other rules. TCP doesn't need this: each connection is a new flow. */
function flowsTo(ports: readonly PublishedPort[]): Deed[] {
  const udp = ports.flatMap(({ protocol, hostPort }) => (protocol === 'udp' && hostPort ? [hostPort] : []));
  return udp.length === 0 ? [] : [forgetFlows(udp)];
}
