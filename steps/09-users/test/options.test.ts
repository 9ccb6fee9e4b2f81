import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { type Options, options, read } from '../src/index.ts';
import { parseSubordinate } from '../src/ranges/subordinate.ts';

/** The options of a command line. */
function typed(...words: string[]): Options {
  const command = options(
    new Command()
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .helpOption(false),
  );
  return read(command.parse(['--network', 'none', ...words], { from: 'user' }).opts(), ['/tmp', 'sh']);
}

describe('whose users it has', () => {
  test.each<[string[], Options['userns']]>([
    [['--userns', 'host'], { mode: 'host' }],
    [['--userns', 'auto'], { mode: 'auto', size: 65_536 }],
    [['--userns', 'auto:size=1000'], { mode: 'auto', size: 1000 }],
    [['--userns', 'keep-id'], { mode: 'keep-id' }],
    [['--userns', 'keep-id:uid=200,gid=210'], { mode: 'keep-id', uid: 200, gid: 210 }],
    [['--userns', 'keep-id:gid=0'], { mode: 'keep-id', gid: 0 }],
    [['--subuidname', 'containers'], { mode: 'of', user: 'containers', group: 'containers' }],
    [['--subuidname', 'a', '--subgidname', 'b'], { mode: 'of', user: 'a', group: 'b' }],
  ])('%j', (words, userns) => {
    expect(typed(...words)).toMatchObject({ userns, usernsGiven: true });
  });

  test('is not said by an empty --userns', () => {
    expect(typed('--userns', '')).toMatchObject({ usernsGiven: false });
    expect(typed('--userns', '').userns).toEqual(typed().userns);
  });

  test('by maps: those of groups are those of users unless they are given, and one number fewer is one id', () => {
    const uids = [
      { inside: 0, outside: 5000, count: 10 },
      { inside: 10, outside: 0, count: 1 },
    ];
    expect(typed('--uidmap', '0:5000:10', '--uidmap', '10:0').userns).toEqual({
      mode: 'maps',
      maps: { uids, gids: uids },
    });
    const gids = [{ inside: 0, outside: 7, count: 1 }];
    expect(typed('--uidmap', '0:5000:10', '--gidmap', '0:7').userns).toMatchObject({ maps: { gids } });
    expect(typed('--gidmap', '0:7').userns).toEqual({ mode: 'maps', maps: { uids: gids, gids } });
  });
});

test.each([
  [['--userns', 'mine'], '--userns: invalid USER mode\n"mine"'],
  [['--userns', 'keep-id:'], 'uid=NUMBER, gid=NUMBER'],
  [['--userns', 'keep-id:uid=a'], 'got "uid=a"'],
  [['--userns', 'keep-id:size=5'], 'got "size=5"'],
  [['--userns', 'keep-id:uid=4294967295'], 'uid=NUMBER'],
  [['--userns', 'host:1'], '--userns: invalid USER mode\n"host:1"'],
  [['--userns', 'auto:size=0'], 'from 1 to 4294967295'],
  [['--userns', 'auto:size=4294967296'], 'from 1 to 4294967295'],
  [['--userns', 'auto:uids=5'], 'size=NUMBER'],
  [['--userns', 'auto:'], 'size=NUMBER'],
  [['--uidmap', 'a:b:c'], 'CONTAINER:HOST:SIZE'],
  [['--uidmap', '0:1000:0'], 'CONTAINER:HOST:SIZE'],
  [['--uidmap', '0:4294967290:10'], 'leads beyond 4294967295'],
  [['--gidmap', '0'], 'Expected --gidmap'],
  [['--uidmap', '1:1000:5'], 'nothing of id 0'],
  [['--uidmap', '0:1000:5', '--gidmap', '1:1000'], '--gidmap says nothing of id 0'],
  [['--uidmap', '0:1000:5', '--uidmap', '4:2000:5'], 'ids in common'],
  [['--uidmap', '0:1000:5', '--uidmap', '10:1004:5'], 'ids in common'],
  [Array.from({ length: 341 }, (_, nth) => ['--uidmap', `${nth}:${nth}:1`]).flat(), 'takes 340 ranges'],
  [['--userns', 'host', '--uidmap', '0:1000:5'], 'conflicting options: --userns and --uidmap'],
  [['--subuidname', 'a', '--gidmap', '0:1000:5'], 'conflicting options: --gidmap and --subuidname'],
])('%j is refused', (words, message) => {
  expect(() => typed(...words)).toThrow(message);
});

test('a line of /etc/subuid that says nothing is passed over', () => {
  expect(parseSubordinate('# who:1:2\ncontainers:100000:65536\n\nx:1\ny:a:b\n1000:5:0\n 1001:200000:10 \n')).toEqual([
    { owner: 'containers', first: 100_000, count: 65_536 },
    { owner: '1001', first: 200_000, count: 10 },
  ]);
});
