import { mkdirSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { millisecondsAt, put } from 'step-10';
import { eventsPath } from '../../containers/event.ts';
import { printer } from './message.ts';
import { type Told, toldFrom } from './read.ts';
import { isWanted } from './wanted.ts';

interface Flags {
  readonly filter?: readonly string[];
  readonly format?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Shows events: those from `since` on, then those that come, until `until`, or for ever. */
export async function events({ filter = [], format, since, until }: Flags): Promise<number> {
  const print = printer(format);
  const wanted = isWanted(filter);
  const from = since === undefined ? Date.now() : millisecondsAt('since', since);
  const to = until === undefined ? Infinity : millisecondsAt('until', until);
  const show = (told: Told) => {
    if (told.time >= from && told.time <= to && wanted(told)) put(print(told));
  };
  const path = eventsPath();
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const ending = AbortSignal.timeout(Math.min(2 ** 31 - 1, Math.max(0, to - Date.now())));
  let at = 0;
  const read = () => {
    at = toldFrom(path, at, show);
  };
  const watcher = watch(dirname(path), read); // first, or what happens between the two would be shown late
  read();
  if (to > Date.now()) {
    await new Promise((resolve) => {
      ending.addEventListener('abort', resolve);
    });
  }
  watcher.close();
  return 0;
}
