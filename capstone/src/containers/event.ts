import { join } from 'node:path';
import { type Happening, makeDirectories, type Network, networkIdOf, state, whenSomethingHappens } from 'step-10';
import { addLine } from './event-file.ts';
import type { Begun, BoxRecord } from './record.ts';

/** Something that happened: a line of the file of events, as JSON. */
export interface Event extends Happening {
  /** Nanoseconds since 1970: more digits than a number has. */
  readonly timeNano: string;
}

/** Where events are written down: the latest, until the machine is started anew. It begins with a dot, as no container's name does. */
export function eventsPath(): string {
  return join(state().journals, '.events');
}

/** Writes down that something happened, for `events`. Where it can't be, it still has happened. */
export function writeDown(happening: Happening): void {
  const timeNano = String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n);
  const event: Event = { timeNano, ...happening };
  try {
    makeDirectories(state().journals, 0o755); // nothing may have run since the machine was started
    addLine(eventsPath(), JSON.stringify(event));
  } catch {}
}

// What the steps' own commands do to images, networks and volumes.
whenSomethingHappens(writeDown);

/** Writes down that something happened to a container. */
export function tell(Action: string, record: BoxRecord, more: Readonly<Record<string, string>> = {}): void {
  const { id, name, imageName, labels } = record;
  writeDown({ Type: 'container', Action, id, attributes: { ...labels, image: imageName, name, ...more } });
}

/** What an event says of a network. */
type ToldNetwork = Pick<Network, 'name' | 'created'> & { readonly driver: string };

/** Writes down that a container came to a network, or left it. */
export function tellNetwork(Action: 'connect' | 'disconnect', container: string, network: ToldNetwork): void {
  const { name, driver } = network;
  writeDown({ Type: 'network', Action, id: networkIdOf(network), attributes: { container, name, type: driver } });
}

/** Writes down that a container has started, and so is on its networks, and has its volumes. */
export function tellOfStart(record: BoxRecord, { endpoints }: Begun): void {
  tellVolumes('mount', record);
  for (const network of networksOf(record, endpoints)) tellNetwork('connect', record.id, network);
  tell('start', record);
}

/** Writes down that a container has ended, unless it never began. @param run - what it had until then */
export function tellOfEnd(record: BoxRecord, { endpoints }: Begun): void {
  if (record.run.status !== 'exited') return;
  for (const network of networksOf(record, endpoints)) tellNetwork('disconnect', record.id, network);
  tellVolumes('unmount', record);
  tell('die', record, { exitCode: String(record.run.exitCode) });
}

/** Those that a container is on: docker counts "none" and "host", too, though there is nothing of them in the kernel. */
function networksOf({ options }: BoxRecord, endpoints: Begun['endpoints']): ToldNetwork[] {
  if (options.usersNetwork) return []; // an ordinary user's programs make it
  const alone = options.networks.flatMap(({ network: name }) => {
    if (name !== 'none' && name !== 'host') return [];
    return [{ name, driver: name === 'none' ? 'null' : name, created: '' }];
  });
  return [...alone, ...endpoints.map(({ network }) => network)];
}

function tellVolumes(Action: 'mount' | 'unmount', { id, options }: BoxRecord): void {
  for (const mount of options.mounts) {
    if (mount.type !== 'volume') continue;
    const place = { destination: mount.target, propagation: '', 'read/write': String(!mount.readOnly) };
    const attributes = { container: id, driver: 'local', ...(Action === 'mount' && place) };
    writeDown({ Type: 'volume', Action, id: mount.name, attributes });
  }
}
