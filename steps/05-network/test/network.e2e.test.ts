import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { defaultRootfsPath } from 'step-01';
import { beforeEach, describe, expect, test } from 'vitest';
import { leftovers, says } from '../../../test/boxstep.ts';
import { type Host, withHost } from '../../../test/host.ts';
import { needs } from '../../../test/needs.ts';
import { tries } from '../../../test/slowness.ts';
import { etcOf } from '../src/etc/files.ts';
import { defineNetwork } from '../src/networks.ts';
import { network } from './networks.ts';

beforeEach(needs('root', 'nft', 'ip', 'busybox'));

let host: Host;
withHost(async (made) => {
  host = made;
  await host.neighbour();
  for (const one of [lan, other, closed]) defineNetwork(() => one);
});

const lan = network('lan', ['10.30.0.0/24', '10.30.0.1'], ['fd00:30::/64', 'fd00:30::1']);
const other = network('other', ['10.31.0.0/24', '10.31.0.1']);
const closed = { ...network('closed', ['10.32.0.0/24', '10.32.0.1']), internal: true };

const run = (flags: string[], script: string) =>
  host.boxstep('5', 'run', ...flags, defaultRootfsPath(), 'sh', '-c', script);

/** A container that has said a line, and goes on until `end`. */
async function started(flags: string[], script = 'echo up; exec sleep 1000') {
  const container = run(['--stop-timeout', '0', ...flags], script);
  return {
    line: await says(container),
    async end() {
      container.kill('SIGTERM');
      await container;
    },
  };
}

/** Says whether a container reaches an address: one that it should has time, one that it should not hasn't. */
const reaches = (address: string, seconds = 10) =>
  `ping -c1 -W${seconds} ${address} >/dev/null 2>&1 && echo "reaches ${address}" || echo "not ${address}"`;
const misses = (address: string) => reaches(address, 1);

test('a container has an address, reaches the host and what is behind it, and leaves nothing', {
  tags: ['once'],
}, async () => {
  const address = 'ip -4 -o addr show eth0 | grep -o "inet [^ ]*"';
  const { stdout, stderr } = await run(
    [],
    [address, ...['172.17.0.1', '10.99.0.2', '127.0.0.1'].map((one) => reaches(one))].join(';'),
  );
  expect(stdout).toBe('inet 172.17.0.2/16\nreaches 172.17.0.1\nreaches 10.99.0.2\nreaches 127.0.0.1');
  expect(stderr).toContain('switching on ipv4.ip_forward, so that this host passes packets on; it stays on');
  expect(await host.sh('ip -br link; nft list tables')).not.toMatch(/boxstep|veth/);
  expect(leftovers('none')).toEqual([]);
});

test('of many starts at once none fails, and each has another address', { tags: ['once'] }, async () => {
  const script = 'ip -4 -o addr show eth0 | grep -o "inet [^ ]*"; exec sleep 1000';
  const many = Math.max(10, tries(50));
  const all = await Promise.all(Array.from({ length: many }, () => started([], script)));
  await Promise.all(all.map(({ end }) => end()));
  expect(new Set(all.map(({ line }) => line)).size).toBe(many);
  expect(all.every(({ line }) => /^inet 172\.17\.0\.\d+\/16$/.test(line))).toBe(true);
  expect(await host.sh('ip -br link; nft list tables')).not.toMatch(/boxstep|veth/);
  expect(leftovers('none')).toEqual([]);
});

test('"none" has lo alone, and "host" what the host has', { tags: ['once'] }, async () => {
  const [none, hosts] = await Promise.all([
    run(['--network', 'none'], `ls /sys/class/net; ${reaches('127.0.0.1')}; ${misses('10.99.0.1')}`),
    run(['--network', 'host'], `ls /sys/class/net; ${reaches('10.99.0.2')}; hostname`),
  ]);
  expect(none.stdout).toBe('lo\nreaches 127.0.0.1\nnot 10.99.0.1');
  expect(hosts.stdout).toBe(`lo\nout0\nreaches 10.99.0.2\n${hostname()}`);
});

describe('on a network that somebody made', { tags: ['once'] }, () => {
  test('containers find each other by name and alias as they come and go', async () => {
    const web = await started(
      ['--network', 'lan', '--name', 'web', '--network-alias', 'www'],
      'echo up; while ! grep -q db /etc/hosts; do sleep 0.1; done; ping -c1 -W1 db; exec sleep 1000',
    );
    const db = await run(
      ['--network', 'lan', '--name', 'db'],
      [...['web', 'www', 'fd00:30::2'].map((one) => reaches(one)), misses('nosuch')].join(';'),
    );
    expect(db.stdout).toBe('reaches web\nreaches www\nreaches fd00:30::2\nnot nosuch');
    expect(readFileSync(`${etcOf('web')}/hosts`, 'utf8')).not.toContain('db');
    await web.end();
    expect(leftovers('none')).toEqual([]);
  });

  test('has IPv6 at once: no address of its bridge is still asked for', async () => {
    const one = await started(['--network', 'lan']);
    const { bridge } = lan;
    expect(await host.sh(`ip -6 -o addr show dev ${bridge} scope link`)).toContain('fe80::');
    expect(await host.sh(`ip -6 -o addr show dev ${bridge} tentative`)).toBe('');
    await one.end();
  });

  test('two networks don’t reach each other, and a container in both reaches both', async () => {
    const far = await started(['--network', 'other', '--name', 'far']);
    const near = await run(
      ['--network', 'lan'],
      [misses('10.31.0.2'), reaches('10.31.0.1'), reaches('10.99.0.2')].join(';'),
    );
    const both = await run(['--network', 'lan', '--network', 'other'], `${reaches('far')}; echo $(ls /sys/class/net)`);
    await far.end();
    expect(near.stdout).toBe('not 10.31.0.2\nreaches 10.31.0.1\nreaches 10.99.0.2');
    expect(both.stdout).toBe('reaches far\neth0 eth1 lo');
  });

  test('one that is internal reaches nothing outside, even with a route of the container’s own', async () => {
    const friend = await started(['--network', 'closed', '--name', 'friend']);
    const script = [
      'ip route',
      reaches('friend'),
      misses('10.99.0.2'),
      'ip route add default via 10.32.0.1',
      misses('10.99.0.2'),
      misses('10.99.0.1'),
    ];
    const { stdout } = await run(['--network', 'closed'], script.join(';'));
    await friend.end();
    expect(String(stdout).replace(/ +\n/, '\n')).toBe(
      '10.32.0.0/24 dev eth0 scope link  src 10.32.0.3\nreaches friend\nnot 10.99.0.2\nnot 10.99.0.2\nnot 10.99.0.1',
    );
  });
});

describe('what can’t be had is refused before anything is done', { tags: ['once'] }, () => {
  const refused = async (flags: string[]) => {
    const { exitCode, stderr } = await run(flags, 'true');
    expect(exitCode).toBe(125);
    expect(await host.sh('ip -br link; nft list tables')).not.toMatch(/boxstep|veth|br-lan/);
    expect(leftovers('none')).toEqual([]);
    return stderr;
  };

  test('a network that is not there, or is another container’s', async () => {
    expect(await refused(['--network', 'nosuch'])).toContain('network nosuch not found: "network ls" lists');
    expect(await refused(['--network', 'container:web'])).toContain(
      "to share another container's network comes in step 6",
    );
  });

  test('an address that the network doesn’t have', async () => {
    expect(await refused(['--network', 'lan', '--ip', '10.31.0.9'])).toContain(
      "a container can't have the address 10.31.0.9",
    );
    expect(await refused(['--network', 'other', '--ip6', 'fd00::9'])).toContain(
      'network other has no subnet for fd00::9',
    );
  });

  test('an address that somebody has', async () => {
    const first = await started(['--network', 'lan', '--ip', '10.30.0.9']);
    const { exitCode, stderr } = await run(['--network', 'lan', '--ip', '10.30.0.9'], 'true');
    await first.end();
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining('10.30.0.9 is in use in network lan')]);
  });

  test('a network whose addresses this host reaches elsewhere; the default network gets others then', async () => {
    await host.sh('ip addr add 10.31.0.77/24 dev out0; ip addr add 172.17.3.3/16 dev out0');
    expect(await refused(['--network', 'other'])).toContain(
      "network other can't be used while this host reaches 10.31.0.0/24 by out0",
    );
    const { stdout } = await run([], 'ip -4 -o addr show eth0 | grep -o "inet [^ ]*"');
    await host.sh('ip addr del 10.31.0.77/24 dev out0; ip addr del 172.17.3.3/16 dev out0');
    expect(stdout).toBe('inet 172.18.0.2/16');
  });
});
