import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../../test/needs.ts';

beforeEach(needs('root', 'ip'));

/** Runs a script in a network namespace of its own, where lo is up. @returns what it logs, line by line */
function inNewNetwork(script: string): string[] {
  const from = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const head = `
    const { reservePorts, releasePorts } = await import(${from('../src/publishing/reserve.ts')});
    const { parsePublish } = await import(${from('../src/publish.ts')});
    const { execFileSync, spawn } = await import('node:child_process');
    const { once } = await import('node:events');
    const { createServer, connect } = await import('node:net');
    const { createSocket } = await import('node:dgram');
    const { readFileSync, writeFileSync, readdirSync } = await import('node:fs');
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    const four = { name: 'mine', subnets: [{ cidr: '10.9.0.0/24' }] };
    const both = { name: 'mine', subnets: [...four.subnets, { cidr: 'fd09::/64' }] };
    const reserve = (line, network = four) => reservePorts(line.split(' ').flatMap((one) => parsePublish(one)), network);
    const numbers = (...words) => reserve(...words).map(({ hostPort }) => hostPort).join();
    const why = (doing) => { try { return doing() } catch (error) { return error.message } };
    const server = createServer();
    const listening = async (port, host) => {
      try { await once(server.listen(port, host), 'listening'); return 'listens' } catch (error) { return error.code }
      finally { if (server.listening) server.close(); }
    };
    const log = (...words) => console.log(...words);`;
  const words = ['--net', process.execPath, '--input-type=module', '-e', head + script];
  return execFileSync('unshare', words, { encoding: 'utf8' }).trim().split('\n');
}

test('a port that is reserved is no other program’s, and who connects before the rules are there is refused', () => {
  const log = inNewNetwork(`
    log(numbers('8080:80 8081:80/udp', both));
    for (const host of ['0.0.0.0', '127.0.0.1', '::1']) log(await listening(8080, host));
    const udp = createSocket('udp4');
    log((await once(udp.bind(8081), 'error'))[0].code);
    for (const host of ['127.0.0.1', '::1']) log((await once(connect(8080, host), 'error'))[0].code);
    releasePorts();
    log(await listening(8080, '0.0.0.0'));`);
  expect(log).toEqual([
    '8080,8081',
    ...['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE'],
    'EADDRINUSE',
    ...['ECONNREFUSED', 'ECONNREFUSED'],
    'listens',
  ]);
});

test('a port in use is refused with who has it, and no other is kept', () => {
  const log = inNewNetwork(`
    const serve = "require('net').createServer().listen(8080, '127.0.0.1', () => console.log('up'))";
    const other = spawn(process.execPath, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout, 'data');
    log(why(() => reserve('8079:79 8080:80')).replace(other.pid, 'ITS'));
    log(why(() => reserve('192.0.2.9:8080:80')));
    log(await listening(8079, '0.0.0.0'));
    other.kill();
    await once(other, 'exit');
    log(numbers('8080:80'));`);
  expect(log).toEqual([
    'Bind for 0.0.0.0:8080/tcp failed: port is already allocated: node (PID ITS) has it',
    expect.stringMatching(/^Bind for 192\.0\.2\.9:8080\/tcp failed: bind\(.*EADDRNOTAVAIL: no interface of this/),
    'listens',
    '8080',
  ]);
});

test('a port that was in use a moment ago, and is only remembered, is free', () => {
  const log = inNewNetwork(`
    server.on('connection', (socket) => socket.end());
    await once(server.listen(8080, '127.0.0.1'), 'listening');
    const client = connect(8080, '127.0.0.1').resume();
    await once(client, 'close');
    server.close();
    await once(server, 'close');
    log(/:1F90 \\S+ 06/.test(readFileSync('/proc/self/net/tcp', 'utf8'))); // TIME_WAIT
    log(numbers('8080:80'));`);
  expect(log).toEqual(['true', '8080']);
});

test('any port will do: the first that is free of those that the kernel gives', () => {
  const log = inNewNetwork(`
    writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '40000 40003');
    log(numbers('80 81'));
    log(numbers('80/udp'));
    log(numbers('40002-40009:80'));
    log(numbers('80', both));
    log(why(() => reserve('80')));`);
  expect(log).toEqual([
    '40000,40001',
    '40000',
    '40002',
    '40003',
    expect.stringMatching(/^Bind for 0\.0\.0\.0 failed: all ports of .*\/tcp are allocated/),
  ]);
});

test('an address of a version that the container has none of is refused', () => {
  const log = inNewNetwork(`
    log(why(() => reserve('[::]:8080:80')));
    log(why(() => reserve('[::1]:8080:80', both)));
    log(numbers('[::]:8080:80 0.0.0.0:8080:80', both));`);
  expect(log).toEqual([
    expect.stringMatching(/^:: can't lead to port 80: in the network "mine" a container has no IPv6 address/),
    expect.stringMatching(/^\[::1\] can't lead to port 80: .*Take 127\.0\.0\.1/),
    '8080,8080',
  ]);
});

test('a thousand ports leave nftables a descriptor that it can look at', (context) => {
  needs('nft')(context);
  const log = inNewNetwork(`
    const { nft } = await import(${JSON.stringify(fileURLToPath(new URL('../../../shared-native/src/index.ts', import.meta.url)))});
    log(reserve('10000-11099:10000-11099').length);
    nft('table inet mine {}');
    log(execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' }).trim());`);
  expect(log).toEqual(['1100', 'table inet mine']);
});

test('a firewall of somebody else’s that drops what comes for a port is told', (context) => {
  needs('nft')(context);
  const log = inNewNetwork(`
    const { warnOfFirewalls } = await import(${JSON.stringify(fileURLToPath(new URL('../src/publishing/firewall.ts', import.meta.url)))});
    execFileSync('nft', ['table inet mine { chain f { type filter hook forward priority 0; policy drop; }; }']);
    warnOfFirewalls('br0', log);`);
  expect(log).toEqual([
    'WARNING: a firewall (the one in table inet mine) drops what comes for the published ports: nft list table inet mine',
  ]);
});
