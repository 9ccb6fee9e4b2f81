import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defaultRootfsPath, state } from 'step-10';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { find, list } from '../src/containers/find.ts';
import { gone } from '../src/gone.ts';
import { namesIn } from '../src/if-there.ts';
import { namesOfCopies } from '../src/journals.ts';
import { processesOf } from './typed.ts';

beforeEach(needs('root', 'overlay', 'nft', 'ip', 'busybox'));

let areMade = false;
beforeEach(async () => {
  if (areMade) return;
  areMade = true;
  for (const nth of [1, 2])
    await boxstep('network', 'create', '--subnet', `10.4${nth}.0.0/24`, ['one', 'two'][nth - 1] ?? '');
});
afterAll(async () => {
  await boxstep('rm', '-f', ...NAMES);
  await boxstep('network', 'rm', 'one', 'two');
  expect((await host('ip -br link; nft list tables')).match(/boxstep|veth|br-/g)).toBeNull();
  expect(namesIn(join(state().journals, '.connections'))).toEqual([]);
});

const NAMES = ['web', 'other', 'stopped', 'alone'];
const rootfs = defaultRootfsPath();
const run = (name: string, ...flags: string[]) =>
  boxstep('run', '-d', '--name', name, ...flags, rootfs, 'sleep', '600');
const inside = async (name: string, script: string) => (await boxstep('exec', name, 'sh', '-c', script)).stdout;
const says = async (...line: string[]) => (await boxstep(...line)).stdout;
const host = async (script: string) => (await execa('sh', ['-c', script], { all: true })).all;
/** How many say that it was connected while it ran, and how many copies of them it has. */
const journals = (name: string) => {
  const { id } = find(name);
  const its = namesIn(join(state().journals, '.connections')).filter((one) => one.startsWith(id));
  return [its.length, namesOfCopies(id).filter((one) => one !== id).length];
};
const ADDRESSES = 'ip -4 -o addr show | grep -o "eth. *inet [^ /]*"';
const NETWORKS = '{{range $name, $one := .NetworkSettings.Networks}}{{$name}} {{$one.IPAddress}};{{end}}';

describe('network connect', { timeout: 120_000 }, () => {
  beforeEach(async () => {
    await boxstep('rm', '-f', ...NAMES); // each test begins with the same two, also if it is tried again
    await run('web', '--network', 'one', '-p', '18080:80');
    await run('other', '--network', 'two');
  });

  test('puts a running container on one more network, by address and names, and disconnect takes it from it', async () => {
    expect(await boxstep('network', 'connect', '--ip', '10.42.0.9', '--alias', 'www', 'two', 'web')).toMatchObject({
      exitCode: 0,
      all: '',
    });
    expect(await inside('web', ADDRESSES)).toBe('eth0    inet 10.41.0.2\neth1    inet 10.42.0.9');
    expect(await inside('other', 'for name in web www; do ping -c1 -W9 $name >/dev/null && echo $name; done')).toBe(
      'web\nwww',
    );
    expect(await inside('web', 'ping -c1 -W9 other >/dev/null && ip route | grep ^default')).toBe(
      'default via 10.41.0.1 dev eth0 ',
    );
    expect(await says('inspect', '-f', NETWORKS, 'web')).toBe('one 10.41.0.2;two 10.42.0.9;');
    expect(await says('ps', '--format', '{{.Networks}}', '-f', 'network=two', '-f', 'name=web')).toBe('one,two');
    expect(
      await says('network', 'inspect', '-f', '{{range .Containers}}{{.Name}} {{.IPv4Address}};{{end}}', 'two'),
    ).toMatch(/web 10\.42\.0\.9\/24;/);

    const again = await boxstep('network', 'connect', 'two', 'web');
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      'boxstep: endpoint with name web already exists in network two',
    ]);
    const taken = await boxstep('run', '--rm', '--network', 'two', '--ip', '10.42.0.9', rootfs, 'true');
    expect(taken.stderr).toContain('10.42.0.9 is in use in network two'); // its lease has outlived the command

    expect(journals('web')).toEqual([1, 1]);
    expect((await boxstep('network', 'disconnect', 'two', 'web')).all).toBe('');
    expect(journals('web')).toEqual([0, 0]);
    expect(await inside('web', ADDRESSES)).toBe('eth0    inet 10.41.0.2');
    expect(await inside('other', 'cat /etc/hosts')).not.toContain('10.42.0.9');
    expect((await boxstep('run', '--rm', '--network', 'two', '--ip', '10.42.0.9', rootfs, 'true')).all).toBe('');
    expect((await boxstep('network', 'disconnect', 'two', 'web')).stderr).toBe(
      `boxstep: container ${find('web').id} is not connected to network two`,
    );
  });

  test('leads published ports and the default route by the network that is left', async () => {
    const route = 'ip route | grep ^default | cut -d " " -f 3';
    await boxstep('network', 'connect', 'two', 'web');
    const [, address = ''] = /^one (\S+);/.exec(await says('inspect', '-f', NETWORKS, 'web')) ?? [];
    await boxstep('network', 'disconnect', 'one', 'web');
    const next = await boxstep('run', '--rm', '--network', 'one', '--ip', address, rootfs, 'true');
    expect(next.all).toBe(''); // web has leased it no more, though its shim was started with that
    expect(await inside('web', route)).toBe('10.42.0.1');
    expect(await host('nft list ruleset')).toMatch(/dport 18080 dnat ip to 10\.42\.0\.\d+:80/);
    await boxstep('network', 'connect', 'one', 'web');
    expect(
      await inside('web', `${route}; ${ADDRESSES} | cut -c1-4; ping -c1 -W9 10.41.0.1 >/dev/null && echo reached`),
    ).toBe('10.41.0.1\neth0\neth1\nreached');
    expect(await host('nft list ruleset')).toMatch(/dport 18080 dnat ip to 10\.41\.0\.\d+:80/);
  });

  test('gives an interface a name that none of the container’s others has, whatever those are called', async () => {
    const named = 'name=one,driver-opt=com.docker.network.endpoint.ifname=eth1';
    await run('stopped', '--network', named);
    expect((await boxstep('network', 'connect', 'two', 'stopped')).all).toBe('');
    expect(await inside('stopped', `${ADDRESSES} | cut -c1-4`)).toBe('eth1\neth0');
    await boxstep('restart', '-t', '0', 'stopped');
    expect(await inside('stopped', `${ADDRESSES} | cut -c1-4`)).toBe('eth1\neth0');
  });

  test('of a stopped container counts from its next start, and after a restart', async () => {
    await boxstep('network', 'connect', 'two', 'web');
    await boxstep('create', '--name', 'stopped', '--network', 'one', rootfs, 'sleep', '600');
    expect((await boxstep('network', 'connect', '--alias', 'late', 'two', 'stopped')).all).toBe('');
    await boxstep('start', 'stopped');
    expect(await inside('stopped', `${ADDRESSES} | wc -l`)).toBe('2');
    expect(await inside('other', 'ping -c1 -W9 late >/dev/null && echo late')).toBe('late');
    await boxstep('restart', '-t', '0', 'web');
    expect(await inside('web', `${ADDRESSES} | wc -l`)).toBe('2');
    await boxstep('stop', '-t', '0', 'stopped');
    expect((await boxstep('network', 'disconnect', 'two', 'stopped')).all).toBe('');
    expect((await boxstep('network', 'disconnect', 'two', 'stopped')).stderr).toBe(
      `boxstep: container ${find('stopped').id} is not connected to the network two`,
    );
    expect(await says('inspect', '-f', NETWORKS, 'stopped')).toBe('one ;');
  });

  test('leaves nothing of a container that is killed with its shim, and frees the address', async () => {
    await run('stopped', '--network', 'one');
    await boxstep('network', 'connect', '--ip', '10.42.0.77', 'two', 'stopped');
    const its = processesOf('stopped');
    process.kill(its.shim.pid, 'SIGKILL');
    await gone(its.process);
    await boxstep('prune');
    expect((await boxstep('run', '--rm', '--network', 'two', '--ip', '10.42.0.77', rootfs, 'true')).all).toBe('');
    expect(await inside('other', 'cat /etc/hosts')).not.toContain('10.42.0.77');
    expect((await host('nft list tables')).includes(find('stopped').id)).toBe(false);
  });
});

describe('network connect that is killed', { timeout: 120_000 }, () => {
  beforeEach(async () => {
    await boxstep('rm', '-f', ...NAMES);
    await run('web', '--network', 'one');
  });
  const killed = async (path: string) => {
    const hook = fileURLToPath(new URL('killed-at.ts', import.meta.url));
    const ended = await shell(
      `KILLED_AT='neighbour.json$ ${path}' NODE_OPTIONS='--import=${hook}' ./boxstep network connect two web`,
    );
    expect(ended).toMatchObject({ signal: 'SIGKILL', all: expect.not.stringContaining('boxstep:') });
    expect(await inside('web', ADDRESSES)).toBe('eth0    inet 10.41.0.2\neth1    inet 10.42.0.2');
  };
  const beforeShim = () => killed(`^/proc/${processesOf('web').shim.pid}/stat$`);

  test('before its shim has the address gives that up to the next container, and can be tried again', async () => {
    await beforeShim();
    expect((await run('other', '--network', 'two')).exitCode).toBe(0);
    expect(await inside('other', ADDRESSES)).toBe('eth0    inet 10.42.0.2');
    expect(await inside('web', ADDRESSES)).toBe('eth0    inet 10.41.0.2');
    await boxstep('rm', '-f', 'other');

    await beforeShim();
    expect((await boxstep('network', 'connect', 'two', 'web')).all).toBe('');
    expect(await says('inspect', '-f', NETWORKS, 'web')).toBe('one 10.41.0.2;two 10.42.0.2;');
  });

  test('before its record says so can be tried again', async () => {
    await killed('connections/');
    expect((await boxstep('network', 'connect', 'two', 'web')).all).toBe('');
    expect(await says('inspect', '-f', NETWORKS, 'web')).toBe('one 10.41.0.2;two 10.42.0.2;');
    expect((await boxstep('network', 'disconnect', 'two', 'web')).all).toBe('');
    expect(await inside('web', ADDRESSES)).toBe('eth0    inet 10.41.0.2');
  });
});

describe('network connect refuses', () => {
  beforeEach(async () => {
    if (!list().records.some(({ name }) => name === 'web')) await run('web', '--network', 'one');
  });

  test.for([
    [['nosuch', 'web'], 'network nosuch not found'],
    [['two', 'nobody'], 'No such container: nobody'],
    [['host', 'web'], 'cannot connect container to host network - container must be created in host network mode'],
    [
      ['none', 'web'],
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    ],
    [
      ['--alias', 'x', 'bridge', 'web'],
      'network-scoped alias is supported only for containers in user defined networks',
    ],
    [
      ['two', 'alone'],
      'container sharing network namespace with another container or host cannot be connected to any other network',
    ],
  ] as const)('%j in docker’s words', async ([line, why]) => {
    if (line.includes('alone' as never)) await run('alone', '--network', 'host');
    const { exitCode, stderr } = await boxstep('network', 'connect', ...line);
    expect([exitCode, stderr]).toEqual([1, `boxstep: ${why}`]);
  });
});
