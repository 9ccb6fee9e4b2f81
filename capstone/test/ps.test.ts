import { listing } from 'step-10';
import { describe, expect, test } from 'vitest';
import { chosen, filtersOf } from '../src/command/ps/filters.ts';
import { layout, rowOf, type Seen } from '../src/command/ps/row.ts';
import type { BoxRecord } from '../src/containers/record.ts';
import type { State } from '../src/containers/state.ts';
import { statusText } from '../src/shown/status.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const never: State = {
  ...{ status: 'created', pid: 0, exitCode: 0, startedAt: 0, finishedAt: 0 },
  ...{ oomKilled: false, error: '', restartCount: 0 },
};

function seen(name: string, state: Partial<State>, more: Partial<BoxRecord> = {}, options: object = {}): Seen {
  const id = Buffer.from(name.padEnd(32)).toString('hex').slice(0, 64);
  const record = {
    ...{ id, name, created: NOW - 5000, imageName: 'busybox', labels: {}, run: { status: 'created' }, ...more },
    options: {
      command: ['sh', '-c', 'echo hello; sleep 1'],
      mounts: [],
      asked: { tmpfs: [] },
      typed: { flags: {} },
      networks: [{ network: 'none' }],
      exposed: [],
      ...options,
    },
  } as unknown as BoxRecord;
  return { record, state: { ...never, ...state }, health: undefined };
}

const web = seen('web', { status: 'running', startedAt: NOW - 3000 }, { labels: { a: 'b', tier: 'front' } });
const old = seen('old', { status: 'exited', exitCode: 137, startedAt: 1, finishedAt: 2 });
const made = seen('made', {});
const all = [made, web, old];

// As moby's daemon/container/state.go has it.
describe('the column STATUS', () => {
  test.each<[string, Partial<State>, Seen['health']]>([
    ['Created', {}, undefined],
    ['Up 3 seconds', { status: 'running', startedAt: NOW - 3000 }, undefined],
    ['Up About an hour (Paused)', { status: 'paused', startedAt: NOW - 3_600_000 }, undefined],
    ['Exited (137) 4 hours ago', { status: 'exited', exitCode: 137, finishedAt: NOW - 4 * 3_600_000 }, undefined],
    ['Restarting (1) 2 seconds ago', { status: 'restarting', exitCode: 1, finishedAt: NOW - 2000 }, undefined],
    [
      'Up 3 seconds (health: starting)',
      { status: 'running', startedAt: NOW - 3000 },
      { status: 'starting', failingStreak: 0, log: [] },
    ],
    [
      'Up 3 seconds (unhealthy)',
      { status: 'running', startedAt: NOW - 3000 },
      { status: 'unhealthy', failingStreak: 3, log: [] },
    ],
  ])('%s', (text, state, health) => {
    expect(statusText({ ...never, ...state }, health, NOW)).toBe(text);
  });
});

describe('ps --filter', () => {
  const names = (filters: string[], { all: isAll = true, last = -1 } = {}) =>
    chosen(all, filtersOf(filters), { all: isAll, last }).map(({ record }) => record.name);

  test.each([
    [[], ['made', 'web', 'old']],
    [['name=^/?web$'], ['web']],
    [['name=e'], ['made', 'web']],
    [
      ['name=web', 'name=old'],
      ['web', 'old'],
    ],
    [['id=776562'], ['web']],
    [['label=a'], ['web']],
    [['label=a=c'], []],
    [['label=a=b', 'label=tier'], ['web']],
    [['label!=a'], ['made', 'old']],
    [
      ['status=exited', 'status=created'],
      ['made', 'old'],
    ],
    [['exited=137'], ['old']],
    [['exited=0'], []],
    [['before=web'], ['old']],
    [['since=web'], ['made']],
    [['since=old', 'before=/made'], ['web']],
    [
      ['health=none', 'network=none'],
      ['made', 'web', 'old'],
    ],
    [['volume=/data'], []],
    [['is-task=true'], []],
  ])('%j leaves %j', (filters, expected) => {
    expect(names(filters)).toEqual(expected);
  });

  test('shows those that run, unless a flag or a status asks for others', () => {
    expect(names([], { all: false })).toEqual(['web']);
    expect(names(['exited=137'], { all: false })).toEqual([]);
    expect(names(['status=created'], { all: false })).toEqual(['made']);
    expect(names([], { all: false, last: 1 })).toEqual(['made']);
    expect(names(['name=e'], { last: 2 })).toEqual(['made', 'web']);
  });

  test('finds published and exposed ports', () => {
    const run = {
      status: 'begun',
      endpoints: [{}],
      ports: [{ hostIp: '', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    } as unknown as BoxRecord['run'];
    const one = seen('one', { status: 'running', pid: 7 }, { run }, { exposed: ['80/tcp', '443/tcp'] });
    const found = (filter: string) => chosen([one], filtersOf([filter]), { all: false, last: -1 }).length === 1;
    expect(['publish=8080', 'publish=8000-8100/tcp', 'expose=443', 'expose=80/tcp'].filter(found)).toHaveLength(4);
    expect(['publish=80', 'publish=8080/udp', 'publish=443', 'expose=8080'].filter(found)).toEqual([]);
    expect(rowOf(one, { trunc: true }).Ports).toBe('443/tcp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp');
    const ended = { ...one, state: { ...one.state, status: 'exited' as const, pid: 0 } }; // nobody has cleaned up yet
    expect(rowOf(ended, { trunc: true }).Ports).toBe('');
  });

  test('shows no exposed ports where there is no network that leads to them', () => {
    const run = { status: 'begun', endpoints: [], ports: [] } as unknown as BoxRecord['run'];
    const one = seen('one', { status: 'running', pid: 7 }, { run }, { exposed: ['80/tcp'] });
    expect(rowOf(one, { trunc: true }).Ports).toBe('');
  });

  test.each([
    ['foo=1', "invalid filter 'foo'"],
    ['name', 'bad format of filter (expected name=value)'],
    ['status=bad', /^invalid filter 'status=bad': invalid value for state \(bad\): must be one of created, running, /],
    ['health=bad', /^invalid filter 'health=bad': invalid value for health \(bad\): must be one of /],
    ['exited=x', /^invalid filter 'exited=x'/],
    ['publish=a:b', /^invalid filter 'publish=a:b'/],
  ])('%s is refused', (filter, message) => {
    expect(() => filtersOf([filter])).toThrow(message);
  });

  test('names a container that isn’t there', () => {
    expect(() => names(['before=nobody'])).toThrow('No such container: nobody');
  });
});

test('a container’s row is short in a table, and whole with --no-trunc', () => {
  const text = (trunc: boolean) =>
    listing(
      [rowOf(web, { trunc })],
      layout(false),
      'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.Names}}\t{{.Label "a"}}',
    );
  const id = web.record.id;
  expect(text(true)).toBe(
    `CONTAINER ID   IMAGE     COMMAND                  NAMES     a\n${id.slice(0, 12)}   busybox   "sh -c 'echo hello; …"   web       b\n`,
  );
  expect(text(false)).toContain(`${id}   busybox   "sh -c 'echo hello; sleep 1'"   web       b\n`);
});
