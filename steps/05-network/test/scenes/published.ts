// Run in a network namespace of its own: a bridge with two containers, in which a server runs each, and a machine outside.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hairpin, nft, request } from 'shared-native';
import type { Endpoint } from '../../src/network.ts';
import { parsePublish } from '../../src/publish.ts';
import { publishedTable } from '../../src/published.ts';
import { networkTable } from '../../src/rules.ts';
import { asCommands, removing } from '../../src/tables.ts';
import { network } from '../networks.ts';
import { ask } from './peer.ts';

const PEER = fileURLToPath(new URL('./peer.ts', import.meta.url));
const children: ChildProcess[] = [];
type Ask = typeof ask;

/** A network namespace with a cable to here, and a process that serves and asks in it. */
async function machine(name: string, addresses: readonly string[], gateways: readonly string[]): Promise<Ask> {
  const child = spawn('unshare', ['--net', process.execPath, PEER, name], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  await once(child, 'message');
  const ip = (line: string) => execFileSync('nsenter', ['-t', String(child.pid), '-n', 'ip', ...line.split(' ')]);
  here(`link add ${name} type veth peer name eth0 netns ${child.pid}`);
  here(`link set ${name} up`);
  for (const device of ['lo', 'eth0']) ip(`link set ${device} up`);
  for (const address of addresses) ip(`addr add ${address} dev eth0${address.includes(':') ? ' nodad' : ''}`);
  for (const gateway of gateways) ip(`route add default via ${gateway}`);
  return async (...what) => {
    child.send(what);
    return (await once(child, 'message'))[0];
  };
}

function here(line: string): void {
  execFileSync('ip', line.split(' '));
}

const mine = { ...network('mine', ['10.9.0.0/24', '10.9.0.1'], ['fd09::/64', 'fd09::1']), bridge: 'br0' };
const endpoint = {
  network: mine,
  addresses: [
    { address: '10.9.0.2', prefix: 24, gateway: '10.9.0.1' },
    { address: 'fd09::2', prefix: 64, gateway: 'fd09::1' },
  ],
} as unknown as Endpoint;

// For a second the kernel asks whether anybody has an interface's own IPv6 address, and uses it for nothing meanwhile.
writeFileSync('/proc/sys/net/ipv6/conf/default/accept_dad', '0');
here('link set lo up');
here('link add br0 type bridge');
for (const address of ['10.9.0.1/24', 'fd09::1/64 nodad']) here(`addr add ${address} dev br0`);
here('link set br0 up');
for (const file of ['ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv4/conf/br0/route_localnet'])
  writeFileSync(`/proc/sys/net/${file}`, '1');
const gateways = ['10.9.0.1', 'fd09::1'];
const web = await machine('web', ['10.9.0.2/24', 'fd09::2/64'], gateways);
const other = await machine('other', ['10.9.0.3/24', 'fd09::3/64'], gateways);
for (const name of ['web', 'other']) here(`link set ${name} master br0`);
for (const name of ['web', 'other']) request(hairpin(name));
const outside = await machine('outside', ['192.0.2.2/24', '2001:db8::2/64'], ['192.0.2.1', '2001:db8::1']);
for (const address of ['192.0.2.1/24', '2001:db8::1/64 nodad']) here(`addr add ${address} dev outside`);

const ports = [
  ...['8080:80', '8080:80/udp', '192.0.2.1:8081:80', '127.0.0.1:8082:80'],
  ...['[2001:db8::1]:8083:80', '8084-8085:79-80'],
];
const table = publishedTable('web', ports.flatMap(parsePublish), endpoint);
nft(asCommands([networkTable(mine), table]));

/** Milliseconds for an answer that comes: on a busy machine, who answers waits for a CPU. */
const LONG = 10_000;

const answers: Record<string, string> = {};
const from: Record<string, Ask> = { host: ask, outside, other, web };
for (const [line, expected] of JSON.parse(process.argv[2] ?? '[]') as [string, string][]) {
  const [who = '', protocol = '', address = '', port = ''] = line.split(' ');
  const patience = expected === 'nothing' ? 400 : LONG;
  answers[line] = await (from[who] as Ask)(protocol as 'tcp', address, Number(port), patience);
}
nft(removing([table]));
answers['without the table'] = await ask('tcp', '127.0.0.1', 8080, LONG);
console.log(JSON.stringify(answers));
for (const child of children) child.disconnect();
