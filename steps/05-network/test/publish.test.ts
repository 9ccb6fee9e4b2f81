import { describe, expect, test } from 'vitest';
import { standardNotation } from '../src/flags/long-form.ts';
import type { Protocol, PublishedPort } from '../src/network.ts';
import { allPorts, named, parseExpose, parsePort, parsePorts, parsePublish, splitProtocol } from '../src/publish.ts';
import { displayablePorts } from '../src/publishing/displayable-ports.ts';
import ports from './cases/ports.json' with { type: 'json' };
import psPorts from './cases/ps-ports.json' with { type: 'json' };

/** What a parser answers; null where it refuses. */
function answer<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

/** A published port as docker has it: the address and port of the host, and the container's. */
function asDockers(one: PublishedPort): [hostIp: string, hostPort: string, port: string] {
  return [one.hostIp, one.hostPorts?.join('-') ?? String(one.hostPort ?? ''), named(one)];
}

describe('as docker reads them', () => {
  test.each(Object.entries(ports.ParsePort))('the port %j is %j', (text, port) => {
    expect(answer(() => parsePort(text))).toBe(port);
  });

  test.each(Object.entries(ports.ParsePortRange))('the range %j is %j', (text, range) => {
    expect(answer(() => parsePorts(text))).toEqual(range);
  });

  test.each(ports.NewPort)('%s of %s is the port %j', (text, protocol, port) => {
    const range = answer(() => parsePorts(text as string));
    expect(range && `${[...new Set(range)].join('-')}/${protocol}`).toBe(port);
  });

  test.each(Object.entries(ports.SplitProtoPort))('%j is a port and a protocol: %j', (text, [port, protocol]) => {
    expect(splitProtocol(text)).toEqual([port, protocol?.toLowerCase()]);
  });

  test.each(Object.entries(ports.ParsePortSpec))('-p %s publishes %j', (text, all) => {
    expect(answer(() => parsePublish(text).map(asDockers))).toEqual(all);
  });

  test.each(ports.ParsePortSpecs as [string[], string[][] | null][])('-p %j, one after the other', (texts, all) => {
    expect(answer(() => texts.flatMap((text) => parsePublish(text)).map(asDockers))).toEqual(all);
  });
});

// As https://github.com/docker/go-connections reads them at 9c9e2db76493: nat/nat.go.
test.each<[string, string[][] | null, string]>([
  ['8000-8010:80', [['', '8000-8010', '80/tcp']], 'a free port of a range leads to one'],
  ['8000-8001:80-82', null, 'ranges of different lengths'],
  ['80:80-81', null, 'one port can lead to one'],
  ['80/TCP', [['', '', '80/tcp']], 'a protocol may be written large'],
  ['80/http', null, 'a protocol that there is not'],
  ['80/tcp/udp', null, 'two protocols'],
  ['0:80', [['', '', '80/tcp']], '0 is any that is free'],
  ['70000:80', null, 'no port is so large'],
  ['[::1:80:80', null, 'a bracket that does not close'],
  ['[127.0.0.1]:80:80', [['127.0.0.1', '80', '80/tcp']], 'brackets may stand around any address'],
  ['fe80::1%eth0:80:80', null, 'an address with a zone'],
  ['127.0.0.01:80:80', null, 'a number with a zero before it'],
  ['8080: 80', null, 'a space'],
])('-p %s publishes %j: %s', (text, all) => {
  expect(answer(() => parsePublish(text).map(asDockers))).toEqual(all);
});

test.each([
  ['target=80,published=8080', ['', '8080', '80/tcp']],
  ['published=8080,target=80,protocol=udp,mode=host', ['', '8080', '80/udp']],
  ['target=80', ['', '', '80/tcp']],
])('-p takes the long form, too: %s', (text, port) => {
  expect(parsePublish(standardNotation(text)).map(asDockers)).toEqual([port]);
});

test.each(['target=80,host_ip=127.0.0.1', 'target=80,8080', '=80', 'published=8080'])(
  'a long form that would mean something else than it says is refused: %s',
  (text) => {
    expect(() => parsePublish(standardNotation(text))).toThrow(/invalid p/);
  },
);

test('-P publishes what is exposed, unless -p does', () => {
  const given = [...parsePublish('8080:80'), ...parsePublish('53/udp')];
  const exposed = [...given.map(named), ...parseExpose('80-81'), ...parseExpose('53')];
  const all = allPorts({ ports: given, exposed: [...new Set(exposed)], publishAll: true }).map(asDockers);
  expect(all).toEqual([
    ['', '8080', '80/tcp'],
    ['', '', '53/udp'],
    ['', '', '81/tcp'],
    ['', '', '53/tcp'],
  ]);
  expect(allPorts({ ports: given, exposed, publishAll: false })).toEqual(given);
});

test('a protocol that can be exposed, and not published', () => {
  expect(parseExpose('8080/ncp')).toEqual(['8080/ncp']);
  expect(() => allPorts({ ports: [], exposed: ['8080/ncp'], publishAll: true })).toThrow('"ncp", and not tcp');
});

test.each(psPorts.DisplayablePorts)('%j is shown as %j', (all, text) => {
  const given = (all as [string, number, number, Protocol][]).map(([hostIp, hostPort, containerPort, protocol]) => ({
    ...{ hostIp, hostPort: hostPort || undefined, containerPort, protocol },
  }));
  expect(displayablePorts(given)).toBe(text);
});
