import { describe, expect, test } from 'vitest';
import type { BoxRecord, Exited, RestartPolicy } from '../src/containers/record.ts';
import { backOffAfter, startsAgain, startsAtBoot } from '../src/restart.ts';

/** A container with a restart policy, and how its last run ended. */
function ended(
  name: RestartPolicy['name'],
  run: Partial<Exited> = {},
  { most = 0, stopped = false } = {},
): [BoxRecord, Exited] {
  const end = { status: 'exited', startedAt: 0, finishedAt: 100, exitCode: 1, restartCount: 0, backOff: 0, ...run };
  return [{ restart: { name, maximumRetryCount: most }, stopped, run: end } as BoxRecord, end as Exited];
}

describe('a container that has ended is started again', () => {
  test('by always and unless-stopped however it ended, unless a command stopped it', () => {
    for (const name of ['always', 'unless-stopped'] as const) {
      expect(startsAgain(...ended(name, { exitCode: 0 }))).toBe(true);
      expect(startsAgain(...ended(name, {}, { stopped: true }))).toBe(false);
    }
    expect(startsAgain(...ended('no'))).toBe(false);
  });

  test('by on-failure if it failed, as often as it may', () => {
    expect(startsAgain(...ended('on-failure', { exitCode: 0 }))).toBe(false);
    expect(startsAgain(...ended('on-failure', { restartCount: 1000 }))).toBe(true);
    expect(startsAgain(...ended('on-failure', { restartCount: 1 }, { most: 2 }))).toBe(true);
    expect(startsAgain(...ended('on-failure', { restartCount: 2 }, { most: 2 }))).toBe(false);
  });

  test('after 100 ms, then twice as long each time, up to a minute; after a run of ten seconds as at first', () => {
    const waits = [0];
    for (let nth = 0; nth < 12; nth++) waits.push(backOffAfter(ended('always', { backOff: waits.at(-1) ?? 0 })[1]));
    expect(waits.slice(1)).toEqual([
      ...[100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200],
      ...[60_000, 60_000],
    ]);
    expect(backOffAfter(ended('always', { backOff: 60_000, finishedAt: 9_999 })[1])).toBe(60_000);
    expect(backOffAfter(ended('always', { backOff: 60_000, finishedAt: 10_000 })[1])).toBe(100);
  });
});

test('when the machine starts, always counts for a stopped container, too, and for none that never ran', () => {
  const [stopped] = ended('always', {}, { stopped: true });
  expect(startsAtBoot(stopped)).toBe(true);
  expect(startsAtBoot(ended('unless-stopped', {}, { stopped: true })[0])).toBe(false);
  expect(startsAtBoot(ended('unless-stopped')[0])).toBe(true);
  expect(startsAtBoot({ ...stopped, run: { status: 'created' } })).toBe(false);
});
