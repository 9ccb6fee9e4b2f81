import { defaultRootfsPath } from 'step-10';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { boxstep, inRoot } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { processesOf } from './typed.ts';

beforeEach(needs('root', 'overlay', 'nft', 'busybox'));

afterAll(async () => {
  await boxstep('rm', '-f', 'apart', 'neighbour', 'bound', 'killed', 'heir');
  await boxstep('network', 'rm', 'walls', 'named', 'later');
});

const DRIVER = 'com.docker.network';

test('a network whose containers don’t reach one another has its bridge, its MTU, and an address for somebody else', async () => {
  const options = [`${DRIVER}.bridge.enable_icc=false`, `${DRIVER}.driver.mtu=1400`, `${DRIVER}.bridge.name=walls0`];
  const flags = [
    '--subnet',
    '10.43.0.0/24',
    '--aux-address',
    'printer=10.43.0.2',
    ...options.flatMap((one) => ['-o', one]),
  ];
  expect(await boxstep('network', 'create', ...flags, 'walls')).toMatchObject({ exitCode: 0 });
  for (const name of ['apart', 'neighbour'])
    await boxstep('run', '-d', '--name', name, '--network', 'walls', defaultRootfsPath(), 'sleep', '600');

  expect((await boxstep('exec', 'neighbour', 'hostname', '-i')).stdout).toBe('10.43.0.4');
  const says = 'ping -c1 -W9 10.43.0.1 >/dev/null && echo host; ping -c1 -W1 10.43.0.4 >/dev/null || echo no neighbour';
  const { stdout } = await boxstep('exec', 'apart', 'sh', '-c', `cat /sys/class/net/eth0/mtu; hostname -i; ${says}`);
  expect(stdout).toBe('1400\n10.43.0.3\nhost\nno neighbour');
});

test('a network says where ports are bound that name no address of the host, and what interfaces are called', async () => {
  const options = [`${DRIVER}.bridge.host_binding_ipv4=127.0.0.1`, `${DRIVER}.container_iface_prefix=net`];
  await boxstep('network', 'create', ...options.flatMap((one) => ['-o', one]), 'named');
  const flags = ['-d', '--name', 'bound', '--network', 'named', '-p', '18081:80'];
  expect((await boxstep('run', ...flags, defaultRootfsPath(), 'sleep', '600')).exitCode).toBe(0);
  expect((await boxstep('port', 'bound')).stdout).toBe('80/tcp -> 127.0.0.1:18081');
  expect((await boxstep('exec', 'bound', 'ls', '/sys/class/net')).stdout).toBe('lo\nnet0');
  const one = `name=named,driver-opt=${DRIVER}.endpoint.ifname=wan0`;
  const named = await boxstep('run', '--rm', '--network', one, defaultRootfsPath(), 'ls', '/sys/class/net');
  expect(named.stdout).toBe('lo\nwan0');
});

test('a bridge with a chosen name stays with its network, whatever a killed container left on an earlier one, or another root has', async () => {
  const run = (name: string, network: string) =>
    boxstep('run', '-d', '--name', name, '--network', network, defaultRootfsPath(), 'sleep', '600');
  const create = (name: string, ...root: string[]) =>
    boxstep(...root, 'network', 'create', '-o', `${DRIVER}.bridge.name=once0`, name);
  const elsewhere = ['--root', inRoot('elsewhere')];
  await create('theirs', ...elsewhere);
  await create('earlier');
  await run('killed', 'earlier');
  process.kill(processesOf('killed').shim.pid, 'SIGKILL');
  await expect.poll(async () => (await boxstep('network', 'rm', 'earlier')).exitCode).toBe(0);
  await create('later');
  await run('heir', 'later');
  expect(await boxstep('prune')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await boxstep(...elsewhere, 'run', '--network', 'theirs', defaultRootfsPath(), 'true')).toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining("network theirs can't be used while the host has another interface once0"),
  });
  expect(
    (await boxstep('exec', 'heir', 'sh', '-c', 'ping -c1 -W9 $(ip route | cut -d" " -f3 | head -n1)')).exitCode,
  ).toBe(0);
});
