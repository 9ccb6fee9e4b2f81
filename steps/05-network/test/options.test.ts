import { hostname, tmpdir } from 'node:os';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { address, parseExtraHost, parseSearchDomain } from '../src/flags/names.ts';
import { parseNetwork } from '../src/flags/wanted.ts';
import { named, options, read } from '../src/index.ts';
import cases from './cases/network-flags.json' with { type: 'json' };

/** What a command line after `run` means. */
function parsed(...argv: string[]) {
  const command = options(new Command()).argument('[args...]').passThroughOptions().exitOverride();
  command.configureOutput({ writeErr: () => {} }).parse([...argv, tmpdir(), 'sh'], { from: 'user' });
  return read(command.opts(), command.args);
}

/** What a parser answers; null where it refuses. */
function answer<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

/** Flags of docker's that no step has. */
const NEVER = ['--link'];

/** The flags of a command line of docker's, without those, and the image and command behind them. */
function flagsOf(argv: readonly string[]): string[] {
  const isFlag = (word = '') => /^--[a-z\d-]*$/.test(word);
  const isNever = (word = '') => NEVER.includes(word);
  return argv.filter(
    (word, nth) => !isNever(word) && !isNever(argv[nth - 1]) && (word.startsWith('-') || isFlag(argv[nth - 1])),
  );
}

test('on the host’s network a container has the host’s name and hosts, unless told otherwise', () => {
  expect(parsed('--network', 'host')).toMatchObject({ hostname: hostname(), hostHosts: expect.stringMatching(/\n$/) });
  expect(parsed('--network', 'host', '--hostname', 'box').hostname).toBe('box');
  expect(parsed('--network', 'none', '--name', 'box')).toMatchObject({ hostname: 'box' });
  expect(parsed('--network', 'none')).not.toHaveProperty('hostHosts');
});

describe('as docker reads them', () => {
  test.each(Object.entries(cases['NetworkOpt.Set']))('--network %s', (text, network) => {
    expect(answer(() => parseNetwork(text))).toEqual(network);
  });

  test.each(Object.entries(cases.ValidateExtraHost))('--add-host %s is %j', (text, host) => {
    expect(answer(() => parseExtraHost(text)) && `${parseExtraHost(text).name}:${parseExtraHost(text).address}`).toBe(
      host,
    );
  });

  test.each(Object.entries(cases.ValidateDNSSearch))('--dns-search %j is %j', (text, domain) => {
    expect(answer(() => parseSearchDomain(text))).toBe(domain);
  });

  test.each(Object.entries(cases.ValidateIPAddress))('--dns %j is %j', (text, found) => {
    expect(answer(() => address('--dns')(text))).toBe(found);
  });

  const lines = cases['docker run'] as [string[], Meaning | null][];
  test.each(lines)('run %j means %j', (argv, meaning) => {
    const read = answer(() => parsed(...flagsOf(argv)));
    if (meaning === null) return void expect(read).toBe(null);
    const { mode, hostname, domainname, exposed, ports, networks = {} } = meaning;
    if (mode !== undefined) expect(read?.networks[0]?.network).toBe(mode);
    if (hostname !== undefined) expect(read?.hostname).toBe(hostname);
    if (domainname !== undefined) expect(read?.domainname).toBe(domainname);
    if (exposed !== undefined) expect(read?.exposed).toEqual(exposed);
    if (ports !== undefined) expect(read?.ports.map((one) => [one.hostIp, '', named(one)])).toEqual(ports);
    for (const [name, told] of Object.entries(networks)) {
      const network = name === 'default' ? 'bridge' : name;
      expect(read?.networks).toContainEqual({ aliases: [], ...told, network });
    }
  });
});

interface Meaning {
  mode?: string;
  hostname?: string;
  domainname?: string;
  exposed?: string[];
  ports?: [string, string, string][];
  networks?: Record<string, { linkLocalIps?: string[] }>;
}

test('older spellings count as given to the flag, in the order in which they stand', () => {
  const { networks, dnsOptions } = parsed(
    ...['--net', 'one', '--network', 'two', '--net=three', '--net-alias', 'web', '--network-alias=www'],
    ...['--dns-opt', 'ndots:2', '--dns-option', 'rotate'],
  );
  expect(networks).toEqual([
    { network: 'one', aliases: ['web', 'www'] },
    { network: 'two', aliases: [] },
    { network: 'three', aliases: [] },
  ]);
  expect(dnsOptions).toEqual(['ndots:2', 'rotate']);
});

test('without a word of it, a container is in the network "bridge", and publishes nothing', () => {
  expect(parsed()).toMatchObject({ networks: [{ network: 'bridge', aliases: [] }], ports: [], exposed: [], dns: [] });
  expect(parsed('--network', 'default').networks).toEqual([{ network: 'bridge', aliases: [] }]);
});

test('a MAC address is the same in any spelling', () => {
  for (const mac of ['02:42:AC:11:00:02', '02-42-ac-11-00-02', '0242.ac11.0002']) {
    expect(parsed('--mac-address', mac).networks[0]?.mac).toBe('02:42:ac:11:00:02');
  }
});

test.each([
  ['--mac-address 01:00:5e:00:00:01', 'that of a group'],
  ['--mac-address 02:42:ac:11:00', 'not a valid mac address'],
  ['--ip ::1', 'Expected --ip to be an address of IPv4'],
  ['--ip6 10.0.0.1', 'Expected --ip6 to be an address of IPv6'],
  ['--ip 172.17.0.9', 'user defined networks only'],
  ['--network host --ip 172.17.0.9', 'user defined networks only'],
  ['--network-alias web', 'only supported for user-defined networks'],
  ['--network bridge --network mine', 'both user-defined and non-user-defined'],
  ['--network host --network none', 'multiple networks with one of the networks in host mode'],
  ['--network bridge --network default', '"bridge" is specified multiple times'],
  ['--network container:', 'invalid container format container:<name|id>'],
  ['--network container:web -p 80', 'port publishing and the container type network mode'],
  ['--network container:web -P', 'port publishing and the container type network mode'],
  ['--network container:web --expose 80', 'port exposing and the container type network mode'],
  ['--network container:web --hostname db', 'hostname and the network mode'],
  ['--network container:web --dns 1.1.1.1', 'dns and the network mode'],
  ['--network container:web --add-host a:1.1.1.1', 'custom host-to-IP mapping and the network mode'],
  ['--network container:web --mac-address 02:42:ac:11:00:02', 'mac-address and the network mode'],
  ['-p 0', 'invalid port 0'],

  ['-p 8080:80 -p 8080:81', 'port 8080/tcp of the host is published twice'],
  ['-p 127.0.0.1:8080:80 -p 8080:81', 'port 8080/tcp of the host is published twice'],
  ['--expose 80:80', 'use -p'],
])('docker refuses %s, and so does this: %s', (line, message) => {
  expect(() => parsed(...line.split(' '))).toThrow(message);
});

test.each([['name=mine,driver-opt=com.docker.network.endpoint.sysctls=a=b', 'has no such option']])(
  'what docker would do and this course does not is refused, not passed over: --network %s',
  (network, message) => {
    expect(() => parsed('--network', network)).toThrow(message);
  },
);

test('a port can be published twice by two addresses, two protocols, two ports', () => {
  expect(parsed('-p', '8080:80', '-p', '8081:80', '-p', '8080:80/udp').ports).toHaveLength(3);
  expect(parsed('-p', '127.0.0.1:8080:80', '-p', '127.0.0.2:8080:80', '-p', '[::1]:8080:80').ports).toHaveLength(3);
  expect(parsed('-p', '0.0.0.0:8080:80', '-p', '[::]:8080:80').ports).toHaveLength(2);
});

test.each(['host', 'none'])('with --network %s ports are discarded, and a warning says so', (network) => {
  const { ports, warnings } = parsed('--network', network, '-p', '8080:80');
  expect(ports).toEqual([]);
  expect(warnings).toEqual([`WARNING: Published ports are discarded when using ${network} network mode`]);
});
