import { logPath } from '../../containers/place.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { GAP } from '../frames.ts';
import { lines } from '../lines.ts';
import { piecesOf } from '../read.ts';
import { Output } from './output.ts';
import { readProgress } from './progress.ts';

/** Until when lines are made: `now` of what is there; `its end`, also of what its last run has left without an end; or as it comes. */
export type Until = 'now' | 'its end' | Promise<unknown>;

/**
 * Makes docker's lines of JSON of a container's log, where an earlier call ended or was killed: none is lost, and none is
 * written twice. To be called by one at a time.
 *
 * @throws {Error} ENOENT if the container is gone; ENOSPC if it has ended and there is no room: the next call goes on
 */
export async function convert(record: BoxRecord, until: Until): Promise<void> {
  const had = readProgress(record.id) ?? { begun: [], lines: 0 };
  const end = typeof until === 'string' ? undefined : until;
  let isPatient = end !== undefined;
  const over = () => {
    isPatient = false;
  };
  end?.then(over, over);
  const made = lines(had.begun);
  const output = new Output(record, had, () => isPatient);
  try {
    await output.begin();
    const reading = { ...(had.from && { from: had.from }), ...(end && { until: end }) };
    for await (const { frames, end, isAll } of piecesOf(logPath(record.id), reading)) {
      for (const frame of frames) if (frame !== GAP) for (const line of made.take(frame)) await output.put(line);
      await output.reached(end, made.begun(), isAll);
    }
    if (until === 'now') return;
    for (const line of made.rest()) await output.put(line);
    await output.ended();
  } finally {
    output.close();
  }
}
