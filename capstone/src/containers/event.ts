import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectories, state } from 'step-10';
import type { BoxRecord } from './record.ts';

/** Something that happened to a container: a line of the file of events, as JSON. */
export interface Event {
  /** Nanoseconds since 1970: more digits than a number has. */
  readonly timeNano: string;
  readonly Type: 'container';
  readonly Action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where events are written down: until the machine is started anew. It begins with a dot, as no container's name does. */
export function eventsPath(): string {
  return join(state().journals, '.events');
}

/** Writes down that something happened to a container, for `events`. Where it can't be, it still has happened. */
export function tell(Action: string, record: BoxRecord, more: Readonly<Record<string, string>> = {}): void {
  const { id, name, imageName, labels } = record;
  const timeNano = String(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n);
  const attributes = { ...labels, image: imageName, name, ...more };
  const event: Event = { timeNano, Type: 'container', Action, id, attributes };
  try {
    makeDirectories(state().journals, 0o755); // nothing may have run since the machine was started
    appendFileSync(eventsPath(), `${JSON.stringify(event)}\n`, { mode: 0o600 });
  } catch {}
}
