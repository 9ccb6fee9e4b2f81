import { asRfc3339, timeOf, writeAll } from 'step-10';
import { find } from '../../containers/find.ts';
import { logPath } from '../../containers/place.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { attributesOf } from '../../log/attributes.ts';
import { GAP, STDOUT } from '../../log/frames.ts';
import { dockerJson } from '../../log/json-file/line.ts';
import { type Line, lines, linesOf } from '../../log/lines.ts';
import { framesOf } from '../../log/read.ts';
import { sayLost } from '../../log/say-lost.ts';
import { tail as lastLines, type Tail } from '../../log/tail.ts';
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
  const attributes = flags.json ? attributesOf(record) : {};
  const textOf = (line: Line): Text => {
    if (flags.json) return { stream: STDOUT, bytes: Buffer.from(dockerJson(line, attributes)) };
    const time = flags.timestamps && !line.goesOn ? `${asRfc3339(line.time)} ` : '';
    const head = line.goesOn ? '' : time + before;
    return head === '' ? line : { stream: line.stream, bytes: Buffer.concat([Buffer.from(head), line.bytes]) };
  };
  const write = async (all: readonly Shown[]) => {
    const texts: (Text | typeof GAP)[] = [];
    let isOver = false;
    for (const line of all) {
      if (line === GAP) texts.push(GAP);
      else if (to !== undefined && line.time > to) isOver = flags.follow ?? false;
      else if (from === undefined || line.time >= from) texts.push(textOf(line));
      if (isOver) break;
    }
    await writeTexts(texts);
    if (isOver) throw new Over();
  };
  try {
    await show(record, flags, write);
  } catch (error) {
    const isUnread = (error as NodeJS.ErrnoException).code === 'EPIPE';
    if (!isUnread && !(error instanceof Over)) throw error;
  }
  return 0;
}

/** What is written to a stream. */
type Text = Pick<Line, 'stream' | 'bytes'>;

/** Writes what comes after one another to the same stream at once: a write for each line would take ten times as long. */
async function writeTexts(texts: readonly (Text | typeof GAP)[]): Promise<void> {
  for (let first = 0, end = 0; first < texts.length; first = end) {
    const stream = streamOf(texts[first]);
    for (end = first + 1; stream !== undefined && streamOf(texts[end]) === stream; ) end++;
    if (stream === undefined) sayLost();
    else await writeAll(stream, Buffer.concat(texts.slice(first, end).map((text) => (text as Text).bytes)));
  }
}

/** @returns undefined for a gap, and beyond the last */
function streamOf(text: Text | typeof GAP | undefined): Line['stream'] | undefined {
  return text === GAP ? undefined : text?.stream;
}

/** First what there is, of which the last lines may be all that is wanted; then what comes. */
async function show(record: BoxRecord, { follow, tail }: Flags, write: Write) {
  const path = logPath(record.id);
  const goesOn = (follow ?? false) && record.run.status === 'begun';
  const last = numberOf(tail);
  const shown = last === undefined ? await showAll(path, goesOn, write) : await lastLines(path, last, goesOn);
  await write(shown.last);
  if (!goesOn) return;
  const { made, end: from } = shown;
  for await (const batch of framesOf(path, { until: ended(record), ...(from && { from }) }))
    await write(linesOf(batch, made));
  await write(made.rest());
}

type Write = (all: readonly Shown[]) => Promise<void>;

async function showAll(path: string, goesOn: boolean, write: Write): Promise<Tail> {
  const made = lines();
  const reading = framesOf(path, {});
  let step = await reading.next();
  for (; !step.done; step = await reading.next()) await write(linesOf(step.value, made));
  if (!goesOn) await write(made.rest());
  return { last: [], made, end: step.value };
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
