import { millisecondsAt, put } from 'step-10';
import { events } from '../../events.ts';
import { printer } from './message.ts';
import { isWanted } from './wanted.ts';

interface Flags {
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Shows events: those from `since` on, then those that come, until `until`, or for ever. */
export async function showEvents({ filter = [], format, since, until }: Flags): Promise<number> {
  const print = printer(format);
  const wanted = isWanted(filter);
  const when = {
    ...(since !== undefined && { since: millisecondsAt(since) }),
    ...(until !== undefined && { until: millisecondsAt(until) }),
  };
  for await (const told of events(when)) if (wanted(told)) put(print(told));
  return 0;
}
