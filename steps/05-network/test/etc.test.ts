import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asText } from 'shared-native';
import { carryOut } from 'step-04';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { FILES, mountFiles } from '../src/etc/files.ts';
import { hostsFile, neighbourLines } from '../src/etc/hosts.ts';
import { introduce, sayGoodbye } from '../src/etc/neighbours.ts';
import { resolvConf } from '../src/etc/resolv-conf.ts';
import type { Endpoint } from '../src/network.ts';

const scratch = mkdtempSync(join(tmpdir(), 'boxstep-etc-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function endpoint(...addresses: string[]): Endpoint {
  return {
    addresses: addresses.map((address) => ({ address, prefix: 16, gateway: '172.18.0.1' })),
    names: ['web', 'www'],
    isDefault: true,
  } as unknown as Endpoint;
}

describe('/etc/hosts', () => {
  const STANDARD = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
ff00::\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

  test('has what every machine has, what was asked for, and the container at all its addresses', () => {
    const more = [
      { name: 'db', address: '10.0.0.5' },
      { name: 'host.docker.internal', address: 'host-gateway' },
    ];
    expect(hostsFile('box', 'example.org', more, [endpoint('172.18.0.2', 'fd00::2')])).toBe(
      `${STANDARD}10.0.0.5\tdb\n172.18.0.1\thost.docker.internal\n172.18.0.2\tbox.example.org box\nfd00::2\tbox.example.org box\n`,
    );
  });

  test('has a name that is one twice, and one with dots also cut short', () => {
    expect(hostsFile('box', '', [], [endpoint('172.18.0.2')])).toBe(`${STANDARD}172.18.0.2\tbox\n`);
    expect(hostsFile('box.lan', '', [], [endpoint('172.18.0.2')])).toBe(`${STANDARD}172.18.0.2\tbox.lan box\n`);
    expect(hostsFile('box', '', [], [])).toBe(STANDARD);
    expect(hostsFile('box', '', [{ name: 'db', address: '10.0.0.1' }], [], '::1 host\n')).toBe(
      '::1 host\n10.0.0.1\tdb\n',
    );
  });

  test('of its neighbours has all names at each address', () => {
    expect(neighbourLines(endpoint('172.18.0.2', 'fd00::2'))).toBe('172.18.0.2\tweb www\nfd00::2\tweb www\n');
  });
});

describe('/etc/resolv.conf', () => {
  const none = { dns: [], dnsSearch: [], dnsOptions: [] };
  const host =
    'search lan example.org\n# a comment\nnameserver 192.168.1.1\n  nameserver   fd00::53\noptions ndots:2\n';

  test("is the host's, but for what flags say otherwise", () => {
    expect(resolvConf(host, none)).toBe(
      'nameserver 192.168.1.1\nnameserver fd00::53\nsearch lan example.org\noptions ndots:2\n',
    );
    expect(resolvConf(host, { dns: ['9.9.9.9'], dnsSearch: ['corp'], dnsOptions: ['timeout:1', 'rotate'] })).toBe(
      'nameserver 9.9.9.9\nsearch corp\noptions timeout:1 rotate\n',
    );
  });

  test('"--dns-search ." is none', () => {
    expect(resolvConf(host, { ...none, dnsSearch: ['.'] })).toBe(
      'nameserver 192.168.1.1\nnameserver fd00::53\noptions ndots:2\n',
    );
  });

  test("has none of the host's loopback addresses, and public servers where nothing is left", () => {
    expect(resolvConf('nameserver 127.0.0.53\nnameserver 10.0.0.1\n', none)).toBe('nameserver 10.0.0.1\n');
    expect(resolvConf('nameserver 127.0.0.53\nnameserver ::1\n', none)).toBe(
      'nameserver 8.8.8.8\nnameserver 8.8.4.4\n',
    );
    expect(resolvConf('', none)).toBe('nameserver 8.8.8.8\nnameserver 8.8.4.4\n');
    expect(resolvConf('', { ...none, dns: ['127.0.0.1'] })).toBe('nameserver 127.0.0.1\n');
  });
});

describe("the container's files", () => {
  let rootfs: string;
  beforeEach(() => {
    rootfs = mkdtempSync(join(scratch, 'rootfs-'));
  });
  const calls = () => mountFiles(rootfs, '/run/boxstep/.etc/web').inside.map(asText);

  test('are mounted where the image has its own, and that is made where it has none', () => {
    expect(mountFiles(rootfs, '/run/boxstep/.etc/web').setup.map(asText)).toContain(
      'open_tree(AT_FDCWD, "/run/boxstep/.etc/web/hosts", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)',
    );
    expect(calls().map((text) => text.split('(')[0])).toEqual([
      ...['mkdir', 'openat2'],
      ...FILES.flatMap(() => ['openat2', 'move_mount', 'close']),
    ]);
    expect(calls()[2]).toBe(
      'openat2(AT_FDCWD, "/etc/hosts", {flags=O_CREAT|O_CLOEXEC, mode=0644, resolve=RESOLVE_NO_SYMLINKS}, 24)',
    );
  });

  test('go where a link of the image leads, inside', () => {
    mkdirSync(join(rootfs, 'etc'));
    symlinkSync('../../run/systemd/resolve/stub-resolv.conf', join(rootfs, 'etc/resolv.conf'));
    expect(calls().join()).toContain('openat2(AT_FDCWD, "/run/systemd/resolve", {flags=O_DIRECTORY');
    expect(calls().at(-3)).toContain('openat2(AT_FDCWD, "/run/systemd/resolve/stub-resolv.conf", ');
  });
});

describe('names come and go', () => {
  let street: string;
  beforeEach(() => {
    street = mkdtempSync(join(scratch, 'street-'));
  });
  const moveIn = async (name: string, lines: Record<string, string>, links?: Record<string, string[]>) => {
    const etc = join(street, name);
    mkdirSync(etc);
    writeFileSync(join(etc, 'hosts'), `127.0.0.1\tlocalhost\n`);
    await carryOut(introduce({ etc, lines, ...(links && { links }) }));
    return { etc, lines };
  };
  const hosts = (name: string) =>
    readFileSync(join(street, name, 'hosts'), 'utf8')
      .split('\n')
      .slice(1, -1);

  test('for those that share a network, on that network', async () => {
    await moveIn('web', { lan: '172.18.0.2\tweb\n' });
    await moveIn('db', { lan: '172.18.0.3\tdb\n', back: '172.19.0.2\tdb\n' });
    await moveIn('batch', { back: '172.19.0.3\tbatch\n' });
    expect(hosts('web')).toEqual(['172.18.0.3\tdb']);
    expect(hosts('db')).toEqual(['172.18.0.2\tweb', '172.19.0.3\tbatch']);
    expect(hosts('batch')).toEqual(['172.19.0.2\tdb']);
  });

  test('and what one alone calls another ends when it leaves the network', async () => {
    const back = { back: '172.19.0.2\tweb\n' };
    const { etc } = await moveIn('web', { lan: '172.18.0.2\tweb\n', ...back }, { back: ['db:store'] });
    const db = await moveIn('db', { back: '172.19.0.3\tdb\n' });
    expect(hosts('web')).toEqual(['172.19.0.3\tdb', '172.19.0.3\tstore']);
    await carryOut(sayGoodbye(db));
    await carryOut(sayGoodbye({ etc, lines: back, links: { back: ['db:store'] } }));
    await carryOut(introduce({ etc, lines: back }));
    await carryOut(introduce(db));
    expect(hosts('web')).toEqual(['172.19.0.3\tdb']);
  });

  test('in place, for the file is mounted in the container, which keeps what it wrote itself', async () => {
    await moveIn('web', { lan: '172.18.0.2\tweb\n' });
    const file = join(street, 'web/hosts');
    const { ino } = statSync(file);
    const db = await moveIn('db', { lan: '172.18.0.3\tdb\n' });
    writeFileSync(file, '10.0.0.1\tcafé\xff\n', { flag: 'a', encoding: 'latin1' });
    await carryOut(sayGoodbye(db));
    await carryOut(sayGoodbye(db)); // once more does no harm
    expect(readFileSync(file, 'latin1')).toBe('127.0.0.1\tlocalhost\n10.0.0.1\tcafé\xff\n');
    expect(statSync(file).ino).toBe(ino);
    expect(readdirSync(db.etc)).toEqual(['hosts']);
    rmSync(db.etc, { recursive: true });
    await carryOut(sayGoodbye(db));
    expect(existsSync(db.etc)).toBe(false);
  });

  test('for one that was killed before it had any file, and that prune could not say goodbye for', async () => {
    const etc = join(street, 'killed');
    mkdirSync(etc);
    await carryOut(sayGoodbye({ etc, lines: { lan: '172.18.0.2\tkilled\n' } }));
    expect(readdirSync(etc)).toEqual([]);
  });

  test('all at once: whoever is killed meanwhile left half of what it said of itself, and nobody could move in', async () => {
    const web = await moveIn('web', { lan: '172.18.0.2\tweb\n' });
    const card = join(web.etc, 'neighbour.json');
    const before = statSync(card).ino;
    await carryOut(introduce({ ...web, lines: { back: '172.19.0.2\tweb\n' } }));
    expect(statSync(card).ino).not.toBe(before); // another file of that name
    expect(readdirSync(web.etc).sort()).toEqual(['hosts', 'neighbour.json']);
  });
});
