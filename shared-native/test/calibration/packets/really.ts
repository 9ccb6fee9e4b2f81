// Sets machines up as network namespaces, sends packets between them, and prints what became of each. It is run in a network
// namespace of its own, which becomes the host's.

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import {
  CLONE_NEWNET,
  defaultRoute,
  linkUp,
  newAddress,
  nft,
  perform,
  request,
  setns,
  unshare,
} from '../../../src/index.ts';
import { FAR_AWAY, HOST, ROUTER } from '../../../src/model/machine/network.ts';
import { type Asked, type Configuration, MACHINES, type Name } from './configuration.ts';

/** How often this process looks in vain, once in 50 ms, before a packet counts as lost: it may have to wait for a CPU in between. */
const PATIENCE = 8;

const { configuration, questions } = JSON.parse(readFileSync(0, 'utf8')) as {
  configuration: Configuration;
  questions: readonly Asked[];
};

interface Place {
  readonly fd: number;
  readonly keeper?: ChildProcess;
}

const places = new Map<Name, Place>([['host', { fd: openSync('/proc/self/ns/net', 'r') }]]);
for (const name of MACHINES.slice(1)) {
  perform(unshare(CLONE_NEWNET));
  places.set(name, { fd: openSync('/proc/self/ns/net', 'r'), keeper: spawn('sleep', ['60'], { stdio: 'ignore' }) });
}
const place = (name: Name) => places.get(name) as Place;
const enter = (name: Name) => perform(setns(place(name).fd, CLONE_NEWNET));

function world(): void {
  enter('host');
  const peer = { IFLA_IFNAME: 'eth0', IFLA_NET_NS_PID: place('outside').keeper?.pid ?? 0 };
  const info = { IFLA_INFO_KIND: 'veth', IFLA_INFO_DATA: { VETH_INFO_PEER: peer } };
  request({
    type: 'RTM_NEWLINK',
    flags: ['NLM_F_CREATE'],
    header: {},
    attributes: { IFLA_IFNAME: 'eth0', IFLA_LINKINFO: info },
  });
  for (const name of ['host', 'outside'] as const) {
    enter(name);
    const [four, six] = name === 'host' ? [HOST.four, HOST.six] : [ROUTER.four, ROUTER.six];
    for (const message of [linkUp('lo'), linkUp('eth0'), newAddress('eth0', four, 24), newAddress('eth0', six, 64)])
      request(message);
  }
  for (const message of [newAddress('lo', FAR_AWAY.four, 32), newAddress('lo', FAR_AWAY.six, 128)]) request(message);
  enter('host');
  for (const gateway of [ROUTER.four, ROUTER.six]) request(defaultRoute(gateway, { name: 'eth0', index: 2 }));
}

/** With br_netfilter, what a bridge passes on comes by the hooks of IP, too: the model is without. */
const NO_BRIDGE_FILTER = ['iptables', 'ip6tables', 'arptables'].map((name) => ({
  path: `/proc/sys/net/bridge/bridge-nf-call-${name}`,
  value: '0',
}));

function set({ messages, variables, tables }: Configuration): void {
  for (const { on, to, message } of messages) {
    enter(on);
    request(message, to && place(to).keeper?.pid);
  }
  enter('host');
  for (const { path, value } of [...variables, ...NO_BRIDGE_FILTER]) if (existsSync(path)) writeFileSync(path, value);
  for (const { family, name, chains } of tables) {
    const lines = Object.entries(chains).map(([chain, rules]) => `chain ${chain} {\n${rules.join('\n')}\n}`);
    nft(`table ${family} ${name} {\n${lines.join('\n')}\n}`);
  }
}

/** What came by UDP, and what was answered by TCP, by the number of the question. */
const came = new Map<number, string>();
const answered = new Map<number, string>();
const open: { close(): unknown }[] = [];

const plain = (address = '') => address.replace(/^::ffff:/, '');

async function listen(name: Name, port: number): Promise<void> {
  enter(name);
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${name} ${plain(socket.remoteAddress)}`);
  });
  const isThere = new Promise((resolve) => tcp.listen(port, () => resolve(undefined)));
  const udp = createSocket('udp6');
  udp.on('message', (text, { address }) => came.set(Number(text), `${name} ${plain(address)}`));
  const isBound = new Promise((resolve) => udp.bind(port, () => resolve(undefined)));
  await Promise.all([isThere, isBound]);
  open.push(tcp, udp);
}

async function ask({ in: from, to, port }: Asked, number: number): Promise<void> {
  enter(from);
  const udp: Socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
  udp.on('error', () => {});
  const isSent = new Promise((resolve) => udp.send(String(number), port, to, resolve));
  const tcp = connect({ host: to, port });
  const isTried = new Promise((resolve) => tcp.once('connectionAttempt', resolve));
  tcp.on('error', () => {});
  tcp.on('data', (text) => answered.set(number, String(text)));
  open.push(udp, { close: () => tcp.destroy() });
  await Promise.all([isSent, isTried]); // both have their sockets now, which belong to where they were opened
}

world();
set(configuration);
for (const name of MACHINES) for (const port of [80, 8080]) await listen(name, port);
for (const [number, question] of questions.entries()) await ask(question, number);
let seen = 0;
for (let vain = 0; vain < PATIENCE; vain += 1) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (came.size + answered.size !== seen) vain = 0;
  seen = came.size + answered.size;
}
console.log(
  JSON.stringify(questions.map((_, number) => ({ udp: came.get(number) ?? null, tcp: answered.get(number) ?? null }))),
);
for (const { keeper } of places.values()) keeper?.kill('SIGKILL');
for (const one of open) one.close();
process.exit(0);
