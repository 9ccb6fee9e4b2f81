import { asRfc3339, timeOf, writeAll } from 'step-10';
import { find } from '../../containers/find.ts';
import { logPath } from '../../containers/place.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { GAP, STDOUT } from '../../log/frames.ts';
import { dockerJson } from '../../log/json-file/line.ts';
import { type Line, lines } from '../../log/lines.ts';
import { type Batch, framesOf } from '../../log/read.ts';
import { sayLost } from '../../log/say-lost.ts';
import { ended } from '../../wait.ts';
import { details } from './details.ts';

interface Flags {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly tail: string;
  readonly since?: string;
  readonly until?: string;
  readonly details?: boolean;
  readonly json?: boolean;
}

type Shown = Line | typeof GAP;

/** Shows what a container has written, and with `--follow` what it goes on to write. @returns the exit status */
export async function logs(flags: Flags, called: string): Promise<number> {
  const record = find(called);
  if (record.logging.driver === 'none') throw new Error('configured logging driver does not support reading');
  const { from, to } = timesOf(flags);
  const before = flags.details ? `${details(record)} ` : '';
  const write = async (line: Shown) => {
    if (line === GAP) return sayLost();
    if (to !== undefined && line.time > to && flags.follow) throw new Over();
    if ((from !== undefined && line.time < from) || (to !== undefined && line.time > to)) return;
    if (flags.json) return writeAll(STDOUT, Buffer.from(dockerJson(line)));
    const time = flags.timestamps && !line.goesOn ? `${asRfc3339(line.time)} ` : '';
    const head = line.goesOn ? '' : time + before;
    await writeAll(line.stream, head === '' ? line.bytes : Buffer.concat([Buffer.from(head), line.bytes]));
  };
  try {
    await show(record, flags, write);
  } catch (error) {
    const isRead = (error as NodeJS.ErrnoException).code !== 'EPIPE';
    if (isRead && !(error instanceof Over)) throw error;
  }
  return 0;
}

/** First what there is, of which the last lines may be all that is wanted; then what comes. */
async function show(record: BoxRecord, { follow, tail }: Flags, write: (line: Shown) => Promise<void>): Promise<void> {
  const made = lines();
  const last = numberOf(tail);
  const kept: Shown[] = [];
  const path = logPath(record.id);
  const reading = framesOf(path, {});
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) {
    for (const line of linesOf(step.value, made.take)) {
      if (last === undefined) await write(line);
      else kept.push(line);
      if (last !== undefined && kept.length > 2 * last + 1024) kept.splice(0, kept.length - last);
    }
  }
  const goesOn = follow && record.run.status === 'begun';
  const rest = goesOn ? [] : made.rest();
  if (last !== undefined) for (const line of last === 0 ? [] : [...kept, ...rest].slice(-last)) await write(line);
  else for (const line of rest) await write(line);
  if (!goesOn) return;
  const from = step.value;
  for await (const batch of framesOf(path, { until: ended(record), ...(from && { from }) }))
    for (const line of linesOf(batch, made.take)) await write(line);
  for (const line of made.rest()) await write(line);
}

function linesOf(batch: Batch, take: ReturnType<typeof lines>['take']): Shown[] {
  return batch.flatMap((frame): Shown[] => (frame === GAP ? [GAP] : take(frame)));
}

/** How many lines; undefined is all, as docker takes what is no number. */
function numberOf(tail: string): number | undefined {
  return /^\d+$/.test(tail) ? Number(tail) : undefined;
}

/** What is followed was written after `--until`. */
class Over extends Error {}

/** The times that lines are between, in nanoseconds. An empty one is none. @throws {Error} in docker's words */
function timesOf({ since, until }: Flags): { from?: bigint | undefined; to?: bigint | undefined } {
  const time = (name: string, typed = '') => (typed === '' ? undefined : timeOf(name, typed));
  return { from: time('since', since), to: time('until', until) };
}
