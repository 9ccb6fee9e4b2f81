import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';

beforeEach(needs('root', 'ip', 'nft'));

/** Who asks where, what it is told, and what that shows. */
const ANSWERS = [
  ['outside tcp 192.0.2.1 8080', 'web sees 192.0.2.2', 'a port of the host leads in, and the container sees who asks'],
  ['outside udp 192.0.2.1 8080', 'web sees 192.0.2.2', 'so it is with UDP'],
  ['outside tcp 2001:db8::1 8080', 'web sees 2001:db8::2', 'and with IPv6'],
  ['outside udp 2001:db8::1 8080', 'web sees 2001:db8::2', 'and with both'],
  ['host tcp 127.0.0.1 8080', 'web sees 10.9.0.1', 'it answers at 127.0.0.1'],
  ['host udp 127.0.0.1 8080', 'web sees 10.9.0.1', 'with UDP, too'],
  ['host tcp 192.0.2.1 8080', 'web sees 192.0.2.1', "at the host's other addresses"],
  ['host tcp 10.9.0.1 8080', 'web sees 10.9.0.1', "at the bridge's"],
  ['host tcp 2001:db8::1 8080', 'web sees 2001:db8::1', "at the host's addresses of IPv6"],
  ['host tcp ::1 8080', 'ECONNREFUSED', 'at ::1 it is refused at once, and "localhost" goes on to 127.0.0.1'],
  ['other tcp 192.0.2.1 8080', 'web sees 10.9.0.1', 'another container comes in by the port'],
  ['other udp 10.9.0.1 8080', 'web sees 10.9.0.1', 'with UDP, too'],
  ['other tcp 2001:db8::1 8080', 'web sees fd09::1', 'with IPv6, too'],
  ['other tcp 10.9.0.2 80', 'web sees 10.9.0.3', 'it needs no published port: they are on one bridge'],
  ['web tcp 192.0.2.1 8080', 'web sees 10.9.0.1', 'a container reaches itself by its port'],
  ['web udp 10.9.0.1 8080', 'web sees 10.9.0.1', 'with UDP, too'],
  ['web tcp 2001:db8::1 8080', 'web sees fd09::1', 'with IPv6, too'],
  ['outside tcp 192.0.2.1 8081', 'web sees 192.0.2.2', 'a port of one address leads in at that address'],
  ['host tcp 127.0.0.1 8081', 'ECONNREFUSED', 'and at no other'],
  ['host tcp 127.0.0.1 8082', 'web sees 10.9.0.1', 'one of 127.0.0.1 leads in from the host'],
  ['outside tcp 192.0.2.1 8082', 'ECONNREFUSED', 'and from nowhere else'],
  ['outside tcp 2001:db8::1 8083', 'web sees 2001:db8::2', 'one of an IPv6 address leads in there'],
  ['outside tcp 192.0.2.1 8083', 'ECONNREFUSED', 'and not by IPv4'],
  ['outside tcp 192.0.2.1 8085', 'web sees 192.0.2.2', 'a range leads to a range'],
  ['outside tcp 192.0.2.1 81', 'ECONNREFUSED', 'what is not published is not there'],
  ['outside tcp 10.9.0.2 80', 'nothing', "even to somebody who knows the container's address and sends it to the host"],
] as const;

let seen: Record<string, string> | undefined;

/** What all of them are told, one after the other, in one network namespace. */
function answers(): Record<string, string> {
  const scene = fileURLToPath(new URL('./scenes/published.ts', import.meta.url));
  const words = ['--net', process.execPath, scene, JSON.stringify(ANSWERS)];
  seen ??= JSON.parse(execFileSync('unshare', words, { encoding: 'utf8' })) as Record<string, string>;
  return seen;
}

test.each(ANSWERS)('%s: %s: %s', (line, answer) => {
  expect(answers()[line]).toBe(answer);
});

test('without their table ports are published no more', () => {
  expect(answers()['without the table']).toBe('ECONNREFUSED');
});
