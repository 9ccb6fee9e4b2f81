import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containerPath, etcOf } from 'step-10';
import { afterEach, describe, expect, test } from 'vitest';
import { keepWritten } from '../../test/written.ts';
import { type BoxRecord, configPath } from '../src/containers/record.ts';
import { linkEnvironment } from '../src/links/environment.ts';
import { oneMoreLink, parseLink, refuseLinks } from '../src/links/link.ts';
import { readdressed, rememberLinks, tellUsers } from '../src/links/users.ts';

describe('--link', () => {
  test.for([
    ['name', 'name', 'name'],
    ['dcdfbe62ecd0:alias', 'dcdfbe62ecd0', 'alias'],
    ['angry_torvalds:linus', 'angry_torvalds', 'linus'],
  ] as const)('%s is %s by the name %s', ([text, name, alias]) => {
    expect(parseLink(text)).toEqual({ name, alias });
    expect(oneMoreLink(text, ['db:db'])).toEqual(['db:db', `${name}:${alias}`]);
  });

  test.for([
    ['', 'empty string specified for links'],
    ['too:much:of:it', 'bad format for links: too:much:of:it'],
  ] as const)('%j is refused: %s', ([text, message]) => {
    expect(() => parseLink(text)).toThrow(message);
  });

  test.for([
    ['host', 'host type networking'],
    ['container:web', 'container type network'],
  ] as const)('is refused with --network %s', ([network, whose]) => {
    expect(() => refuseLinks(network)).toThrow(`conflicting options: ${whose} can't be used with links`);
    expect(() => refuseLinks('bridge')).not.toThrow();
  });
});

describe('the variables of a link', () => {
  const variables = (exposed: string[], env: string[] = []) =>
    linkEnvironment({ path: '/client/my-db', address: '172.17.0.2', exposed, env });

  test('are the ports, TCP first, and one that follows another is of a run', () => {
    expect(variables(['53/udp', '81/tcp', '80/tcp', '7/tcp'])).toEqual([
      'MY_DB_PORT=tcp://172.17.0.2:7',
      ...['', '_ADDR', '_PORT', '_PROTO'].map(
        (part, nth) => `MY_DB_PORT_7_TCP${part}=${['tcp://172.17.0.2:7', '172.17.0.2', '7', 'tcp'][nth]}`,
      ),
      ...['MY_DB_PORT_80_TCP=tcp://172.17.0.2:80', 'MY_DB_PORT_80_TCP_ADDR=172.17.0.2', 'MY_DB_PORT_80_TCP_PORT=80'],
      ...['MY_DB_PORT_80_TCP_PROTO=tcp', 'MY_DB_PORT_81_TCP=tcp://172.17.0.2:81'],
      ...['MY_DB_PORT_81_TCP_ADDR=172.17.0.2', 'MY_DB_PORT_81_TCP_PORT=81', 'MY_DB_PORT_81_TCP_PROTO=tcp'],
      ...['MY_DB_PORT_53_UDP=udp://172.17.0.2:53', 'MY_DB_PORT_53_UDP_ADDR=172.17.0.2', 'MY_DB_PORT_53_UDP_PORT=53'],
      ...['MY_DB_PORT_53_UDP_PROTO=udp', 'MY_DB_PORT_80_TCP_START=tcp://172.17.0.2:80'],
      ...['MY_DB_PORT_80_TCP_PORT_START=80', 'MY_DB_PORT_80_TCP_END=tcp://172.17.0.2:81'],
      ...['MY_DB_PORT_80_TCP_PORT_END=81', 'MY_DB_NAME=/client/my-db'],
    ]);
  });

  test('are the other’s own, but for HOME, PATH, and those that are only left out', () => {
    expect(variables([], ['PATH=/bin', 'HOME=/root', 'A=1=2', 'LEFT_OUT'])).toEqual([
      'MY_DB_NAME=/client/my-db',
      'MY_DB_ENV_A=1=2',
    ]);
  });
});

test('a container that has another address now is found there by the alias, and no other line changes', () => {
  const hosts =
    '127.0.0.1\tlocalhost\n172.17.0.2\tdb 0123 web\nfd00::2\tdb 0123 web\n172.17.0.2\tdb2\n172.17.0.3\tself\n';
  expect(readdressed(hosts, 'db', '172.17.0.9', '')).toBe(
    '127.0.0.1\tlocalhost\n172.17.0.9\tdb 0123 web\nfd00::2\tdb 0123 web\n172.17.0.2\tdb2\n172.17.0.3\tself\n',
  );
});

describe('those that are linked to a container', () => {
  const [DB = '', SPOILED = '', WEB = ''] = ['a', 'b', 'c'].map((begin) => begin.padEnd(64, '8'));

  afterEach(() => {
    for (const id of [DB, SPOILED, WEB])
      for (const path of [containerPath(id), etcOf(id)]) rmSync(path, { recursive: true, force: true });
  });

  test('are told of its address though the record of one is spoiled', async () => {
    mkdirSync(containerPath(DB), { recursive: true });
    for (const id of [SPOILED, WEB]) {
      mkdirSync(containerPath(id), { recursive: true });
      rememberLinks({ id, links: [{ id: DB, alias: 'db' }] });
    }
    writeFileSync(configPath(SPOILED), 'no record');
    const record = {
      id: WEB,
      name: 'web',
      created: 1,
      options: {},
      run: { status: 'created' },
      links: [{ id: DB, alias: 'db' }],
    };
    writeFileSync(configPath(WEB), JSON.stringify(record));
    mkdirSync(etcOf(WEB), { recursive: true });
    writeFileSync(join(etcOf(WEB), 'hosts'), '10.0.0.2\tdb\n');
    const endpoints = [{ network: { name: 'bridge' }, addresses: [{ address: '10.0.0.3' }] }];
    const begun = { id: DB, run: { status: 'begun', endpoints } } as unknown as BoxRecord;
    const { stderr } = await keepWritten(async () => tellUsers(begun));
    expect(stderr).toContain(`container ${SPOILED}, which is linked to ${DB}, may not know its address now: `);
    expect(readFileSync(join(etcOf(WEB), 'hosts'), 'utf8')).toBe('10.0.0.3\tdb\n');
    expect(readdirSync(join(containerPath(DB), 'linked-by')).sort()).toEqual([SPOILED, WEB]);
  });

  test('make nothing of one that was removed meanwhile', () => {
    rememberLinks({ id: WEB, links: [{ id: DB, alias: 'db' }] });
    expect(existsSync(containerPath(DB))).toBe(false);
  });
});
