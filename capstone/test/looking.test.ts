import { listing } from 'step-10';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { printer } from '../src/command/events/message.ts';
import type { Told } from '../src/command/events/read.ts';
import { isWanted } from '../src/command/events/wanted.ts';
import { LAYOUT, rowOf } from '../src/command/stats/row.ts';
import { interfacesIn, type Sample, traffic } from '../src/command/stats/sample.ts';
import { linesOf } from '../src/command/top/top.ts';
import type { BoxRecord } from '../src/containers/record.ts';
import { events } from '../src/events.ts';

describe('top', () => {
  const ps = '  UID     PID CMD\nroot       7 sh -c sleep  1\nroot      17 cron\n';

  test('shows the lines of a container’s processes alone, whatever a command looks like', () => {
    expect(linesOf(ps, new Set(['7']))).toEqual([
      ['UID', 'PID', 'CMD'],
      ['root', '7', 'sh -c sleep 1'],
    ]);
  });

  test('needs the numbers of processes to know whose they are', () => {
    expect(() => linesOf('CMD\nsh\n', new Set(['7']))).toThrow("Couldn't find PID field in ps output");
  });
});

describe('stats', () => {
  test('counts what disks and interfaces carried, by both versions of cgroups', () => {
    expect(traffic('8:0 rbytes=100 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2 rios=0')).toEqual({ in: 101, out: 22 });
    expect(traffic('8:0 Read 100\n8:0 Write 20\n8:0 Sync 120\nTotal 120')).toEqual({ in: 100, out: 20 });
    const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    999       1    0    0    0     0          0         0      999       1    0    0    0     0       0          0
  eth0:   1000       9    0    0    0     0          0         0     2000       9    0    0    0     0       0          0
`;
    expect(interfacesIn(dev)).toEqual({ in: 1000, out: 2000 });
  });

  test('shows what was used between two looks, in docker’s columns', () => {
    const record = { id: 'abcdef0123456789', name: 'web' } as BoxRecord;
    const traffic = { network: { in: 1000, out: 2_500_000 }, disk: { in: 0, out: 4096 } };
    const before: Sample = { at: 0, cpuTime: 0, most: 0, ...traffic };
    const now: Sample = { at: 1e6, cpuTime: 5e5, memory: 2 ** 20, pids: 3, most: 2 ** 22, ...traffic };
    expect(listing([rowOf(record, now, before, true)], LAYOUT)).toBe(
      'CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT   MEM %     NET I/O       BLOCK I/O    PIDS\n' +
        'abcdef012345   web       50.00%    1MiB / 4MiB         25.00%    1kB / 2.5MB   0B / 4.1kB   3\n',
    );
    expect(rowOf(record, undefined, undefined, true)).toMatchObject({
      CPUPerc: '0.00%',
      MemUsage: '0B / 0B',
      PIDs: '0',
    });
  });
});

describe('events', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('go on until their end, also if that is after the 24.8 days that setTimeout waits', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const day = 24 * 60 * 60 * 1000;
    let isOver = false;
    const first = events({ until: Date.now() + 40 * day }).next();
    first.then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(39 * day);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(day);
    expect(await first).toEqual({ done: true, value: undefined });
  });

  const event: Told = {
    ...{ time: 1_767_323_045_123, timeNano: '1767323045123456789', Type: 'container', Action: 'die', id: 'abc' },
    attributes: { name: 'web', image: 'busybox:1', exitCode: '3', tier: 'front' },
  };

  test('are printed as docker’s, by a template, or as JSON', () => {
    expect(printer()(event)).toBe(
      '2026-01-02T03:04:05.123456789Z container die abc (exitCode=3, image=busybox:1, name=web, tier=front)\n',
    );
    expect(printer('{{.Type}} {{.Action}} {{.Actor.Attributes.exitCode}} {{.Status}}')(event)).toBe(
      'container die 3 die\n',
    );
    expect(JSON.parse(printer('json')(event))).toMatchObject({
      status: 'die',
      id: 'abc',
      from: 'busybox:1',
      scope: 'local',
    });
  });

  test('a template that can’t be read is refused before any event comes', () => {
    expect(() => printer('{{')).toThrow('Error parsing format: template: :1: unclosed action');
  });

  test.each<[string[], boolean]>([
    [[], true],
    [['event=die', 'event=start'], true],
    [['event=start'], false],
    [['container=web', 'type=container'], true],
    [['container=we'], true],
    [['container=other'], false],
    [['image=busybox'], true],
    [['label=tier=front'], true],
    [['label=tier=back'], false],
    [['network=bridge'], false],
    [['daemon=x'], false],
  ])('%j', (filters, expected) => {
    expect(isWanted(filters)(event)).toBe(expected);
  });
});
