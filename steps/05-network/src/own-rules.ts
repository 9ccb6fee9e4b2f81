import type { Action, Deed } from 'step-04';
import { forgetFlows, makeTables, removeTables } from './deeds.ts';
import type { Endpoint, PublishedPort } from './network.ts';
import { publishedTable, wayIn } from './published.ts';
import { ownAddressesOnly } from './rules.ts';
import type { Table } from './tables.ts';

// #region rules of its own
/**
 * A container's own rules: what may come out of its cables, and what comes in by its published ports. They are made in one
 * transaction and removed in one, because each time the kernel waits 10 ms until no packet is looking at them.
 *
 * @param name - what the tables are called
 * @param ports - lead to where the container has its default route, as in docker; without one they lead nowhere
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

/** UDP flows that began under other rules have to be forgotten. TCP needs nothing: each connection is a new flow. */
function flowsTo(ports: readonly PublishedPort[]): Deed[] {
  const udp = ports.flatMap(({ protocol, hostPort }) => (protocol === 'udp' && hostPort ? [hostPort] : []));
  return udp.length === 0 ? [] : [forgetFlows(udp)];
}
