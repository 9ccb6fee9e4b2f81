import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defaultRootfsPath, runningContainer } from 'step-04';
import { beforeEach, expect, test } from 'vitest';
import { leftovers, says } from '../../../test/boxstep.ts';
import { type Host, withHost } from '../../../test/host.ts';
import { needs } from '../../../test/needs.ts';
import { defineNetwork } from '../src/networks.ts';
import { network } from './networks.ts';

beforeEach(needs('root', 'nft', 'ip', 'busybox'));

let host: Host;
let outside: Host;
withHost(async (made) => {
  host = made;
  outside = await host.neighbour();
  defineNetwork(() => network('lan', ['10.30.0.0/24', '10.30.0.1']));
});

const PEER = fileURLToPath(new URL('./scenes/peer.ts', import.meta.url));

/** Sends from one port all the time, and says each answer that isn't the one before. */
const CLIENT = `
  const socket = require('node:dgram').createSocket('udp4').bind(4000);
  let last = '';
  socket.on('message', (text) => { if (last !== String(text)) console.log(last = String(text)); });
  socket.once('listening', () => setInterval(() => socket.send('?', 5000, '10.99.0.1'), 20));
  socket.once('listening', () => console.log('sends'));`;

/** A program of the host's at the same port. */
const OWN = `
  const socket = require('node:dgram').createSocket('udp4').bind(5000);
  socket.on('message', (_, { port, address }) => socket.send('the host itself', port, address));`;

const inNetwork = (pid: number, ...words: string[]) =>
  execa('nsenter', [`--net=/proc/${pid}/ns/net`, process.execPath, ...words], {
    reject: false,
    all: true,
    stdin: 'ignore',
  });

/** A container with this address to which the port leads, and a program in its network that answers. */
async function serving(name: string, ip: string, port = 5000) {
  const flags = ['--name', name, '--network', 'lan', '--ip', ip, '--stop-timeout', '0', '-p', `${port}:80/udp`];
  const container = host.boxstep('5', 'run', ...flags, defaultRootfsPath(), 'sh', '-c', 'echo up; exec sleep 1000');
  await says(container);
  const server = inNetwork(runningContainer(name).pid, PEER, name);
  return async () => {
    container.kill('SIGTERM');
    server.kill();
    await Promise.all([container, server]);
  };
}

test('a UDP flow that goes on is led to who has the port now: a container, another, the host', {
  tags: ['once'],
}, async () => {
  const client = inNetwork(outside.pid, '-e', CLIENT);
  expect(await says(client)).toBe('sends'); // so there is a flow before any container is there
  const endOther = await serving('other', '10.30.0.9', 5001); // the network and its rules stay as long as it runs
  for (const [name, ip] of [
    ['first', '10.30.0.10'],
    ['second', '10.30.0.11'],
  ] as const) {
    const heard = says(client);
    const end = await serving(name, ip);
    expect(await heard).toBe(`${name} sees 10.99.0.2`);
    await end();
  }
  const heard = says(client);
  const own = inNetwork(host.pid, '-e', OWN);
  expect(await heard).toBe('the host itself');
  for (const one of [own, client]) one.kill();
  await Promise.all([own, client, endOther()]);
  expect(leftovers('none')).toEqual([]);
});

/** Connects until somebody answers. */
const CONNECTS = `
  const attempt = () => {
    const socket = require('node:net').connect(5002, '127.0.0.1');
    socket.on('connect', () => socket.destroy()).on('error', () => setImmediate(attempt));
  };
  attempt();
  console.log('tries');`;

/** How often a packet has waited in a network for so long (the first of a connection: a second) that TCP wanted to send it again. */
function packetsThatWaited(pid: number): number {
  const [names = [], numbers = []] = readFileSync(`/proc/${pid}/net/netstat`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  return Number(numbers[names.indexOf('TCPSpuriousRtxHostQueues')]);
}

test('a client that connects while the container starts waited a second, until TCP sent its first packet again', async () => {
  for (const nth of [1, 2, 3]) {
    const client = inNetwork(host.pid, '-e', CONNECTS);
    await says(client);
    const flags = ['--name', `early-${nth}`, '--network', 'lan', '--stop-timeout', '0', '-p', '5002:80'];
    const container = host.boxstep('5', 'run', ...flags, defaultRootfsPath(), 'httpd', '-f', '-p', '80');
    expect(await client).toMatchObject({ exitCode: 0, all: 'tries' });
    container.kill('SIGTERM');
    await container;
    expect(packetsThatWaited(host.pid)).toBe(0);
  }
});
