import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPath, defaultRootfsPath, findHierarchies, hierarchyOf, state } from 'step-04';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inRoot, says } from '../../../test/boxstep.ts';
import { type Host, withHost } from '../../../test/host.ts';
import { needs } from '../../../test/needs.ts';
import { defineNetwork } from '../src/networks.ts';
import { tableOf } from '../src/tables.ts';
import { network } from './networks.ts';

// Each attack is tried with its wall taken away, where it must succeed, and with the wall.

beforeEach(needs('root', 'nft', 'ip', 'busybox'));

let host: Host;
withHost((made) => {
  host = made;
});

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A container that runs until the test ends. @returns what runs a script in its network namespace, with all of its rights */
async function container(name: string, ...flags: string[]): Promise<(script: string) => Promise<string>> {
  const words = ['run', '--stop-timeout', '0', '--name', name, ...flags, defaultRootfsPath()];
  const running = host.boxstep('5', ...words, 'sh', '-c', 'echo up; exec sleep 1000');
  ends.push(async () => {
    running.kill('SIGTERM');
    await running;
  });
  await says(running);
  const cgroup = cgroupPath(hierarchyOf('pids', findHierarchies()), name);
  const pid = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').trim();
  return (script) => host.sh(`nsenter --net=/proc/${pid}/ns/net sh -c '${script}'`);
}

const tells = (command: string) => `${command} >/dev/null 2>&1 && echo yes || echo no`;
const ping = (address: string, from?: string) =>
  tells(`busybox ping -c1 -W1 ${from === undefined ? '' : `-I ${from} `}${address}`);

test("a container that may change its routes doesn't reach what the host has on 127.0.0.1", {
  tags: ['once'],
}, async () => {
  const files = mkdtempSync(inRoot('files-'));
  writeFileSync(join(files, 'index.html'), 'secret');
  await host.sh(`busybox httpd -p 127.0.0.1:9999 -h ${files}`);
  const inside = await container('routes', '-p', '8080:80'); // which is what makes a way from 127.0.0.1, and back
  await inside(`echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet; ip addr del 127.0.0.1/8 dev lo
    ip route add 127.0.0.1 via 172.17.0.1 src 172.17.0.2`);
  const get =
    'printf "GET / HTTP/1.0\\r\\n\\r\\n" | busybox nc -w 2 127.0.0.1 9999 2>/dev/null | grep -o secret || echo nothing';
  expect(await inside(get)).toBe('nothing');
  await host.sh(`nft flush chain inet ${state().name} loopback`);
  expect(await inside(get)).toBe('secret');
  rmSync(files, { recursive: true });
});

test("a container can't take another's address, nor another's MAC address", { tags: ['once'] }, async () => {
  const inside = await container('thief');
  const victim = '172.17.0.77';
  const take = `ip addr add ${victim}/16 dev eth0`;
  const asVictim = async () => ({
    speaks: await inside(ping('172.17.0.1', victim)),
    isAsked: await host.sh(`ip neigh flush dev ${state().name}; ${ping(victim)}`),
  });
  await inside(take);
  expect(await asVictim()).toEqual({ speaks: 'no', isAsked: 'no' });

  await inside('ip link set eth0 address 02:42:ac:11:00:4d');
  expect(await inside(ping('172.17.0.1'))).toBe('no');

  await host.sh(`nft delete table netdev ${tableOf('thief')}; ip neigh flush dev ${state().name}`);
  expect(await inside(ping('172.17.0.1'))).toBe('yes');
  expect(await asVictim()).toEqual({ speaks: 'yes', isAsked: 'yes' });
});

test("a container can't tell its neighbours that another's IPv6 address is its own, nor use it", {
  tags: ['once'],
}, async (context) => {
  needs('cc')(context);
  const forge = inRoot('forge');
  execFileSync('cc', ['-Wall', '-Werror', '-o', forge, join(import.meta.dirname, 'forge.c')]);
  defineNetwork(() => network('six', ['10.33.0.0/24', '10.33.0.1'], ['fd00:33::/64', 'fd00:33::1']));
  const [gateway, victim, mine] = ['fd00:33::1', 'fd00:33::5', 'fd00:33::6'];
  await container('victim', '--network', 'six', '--ip6', victim);
  const inside = await container('forger', '--network', 'six', '--ip6', mine);
  const macOf = async (address: string) => {
    expect(await host.sh(ping(address))).toBe('yes');
    return host.sh(`ip -6 neigh show ${address} | grep -o "lladdr [^ ]*"`);
  };
  const victims = await macOf(victim);
  const known = () => host.sh(`ip -6 neigh show ${victim} | grep -o "lladdr [^ ]*"`);
  const lie = async () => {
    await inside(`${forge} ${mine} ${victim} ${gateway}`);
    expect(await inside(ping(gateway, mine)), 'what came before that has arrived, if anything does').toBe('yes');
    return known();
  };
  const speaks = () => inside(ping(gateway, 'fd00:33::77'));
  await inside('ip addr add fd00:33::77/64 dev eth0 nodad');
  expect([await lie(), await speaks()]).toEqual([victims, 'no']);

  await host.sh(`nft delete table netdev ${tableOf('forger')}`);
  expect([await lie(), await speaks()]).toEqual([await macOf(mine), 'yes']);
});
