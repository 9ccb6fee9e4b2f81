import { find } from '../containers/find.ts';
import { logPath } from '../containers/place.ts';
import { type Frame, GAP } from '../log/frames.ts';
import { framesOf } from '../log/read.ts';
import { inspected } from '../shown/inspect.ts';
import { ended } from '../wait.ts';

/**
 * What a container has written, piece by piece: the stream, the time in nanoseconds since 1970, the bytes.
 *
 * @example
 * for await (const { stream, bytes } of logs('web', { follow: true }))
 *   (stream === STDERR ? process.stderr : process.stdout).write(bytes);
 * @param follow - go on until it ends
 * @throws {NoSuchContainer}
 */
export async function* logs(called: string, { follow = false } = {}): AsyncGenerator<Frame> {
  const record = find(called);
  const over = new AbortController();
  try {
    for await (const batch of framesOf(logPath(record.id), follow ? { until: ended(record, over.signal) } : {}))
      for (const frame of batch) if (frame !== GAP) yield frame;
  } finally {
    over.abort(); // or a program that has heard enough would not end before the container does
  }
}

/** All that is known of a container, as docker's API and `inspect` have it. @throws {NoSuchContainer} */
export function inspect(called: string): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(inspected(find(called))));
}
