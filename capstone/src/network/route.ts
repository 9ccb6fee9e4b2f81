import { carryOut, type Endpoint, lead, routeInside, runningContainer } from 'step-10';
import type { Begun, BoxRecord } from '../containers/record.ts';
import { inside } from './inside.ts';

/** Leads what is elsewhere, and published ports, by the network that has the default route now, if that is another one. */
export async function route(
  { id, run }: BoxRecord & { readonly run: Begun },
  before: readonly Endpoint[],
  after: readonly Endpoint[],
): Promise<void> {
  const [from, to] = [before, after].map((endpoints) => endpoints.find(({ isDefault }) => isDefault));
  if (from?.network.name === to?.network.name) return;
  if (to) await inside(routeInside(runningContainer(id), to));
  for (const deed of lead(id, run.ports, to)) await carryOut(deed);
}
