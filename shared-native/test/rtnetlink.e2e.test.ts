import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';

beforeEach(needs('root', 'ip'));

/** Runs a script in a network namespace of its own, with what shared-native exports at hand. @returns what it logs */
function inNewNetwork(script: string): string {
  const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const head = `const n = await import(${JSON.stringify(`file://${encodeURI(source)}`)});
    const { execFileSync } = await import('node:child_process');
    const ip = (...words) => JSON.parse(execFileSync('ip', ['-j', ...words], { encoding: 'utf8' }));`;
  const words = ['--net', process.execPath, '--input-type=module', '-e', head + script];
  return execFileSync('unshare', words, { encoding: 'utf8' });
}

test('a cable is made from a bridge to a new process, which sets up its own end', () => {
  const log = inNewNetwork(`
    const eth0 = { name: 'eth0', index: 16 };
    for (const message of [n.newBridge('br0'), n.newBridge('br0'), n.linkUp('br0'), n.newAddress('br0', '10.9.0.1', 24)]) n.request(message);
    const messages = [n.linkUp('lo'), n.linkUp('eth0'), n.newAddress(eth0, '10.9.0.2', 24), n.newAddress(eth0, 'fd09::2', 64), n.defaultRoute('10.9.0.1', eth0)];
    const stays = [1, 2].map((fd) => n.fcntl(fd, n.F_SETFD, 0));
    const sh = 'until ip -br link show dev eth0 | grep -q UP; do sleep 0.1; done; ip -br -4 addr; ip -br -6 addr show dev eth0 scope global; ip route';
    const child = n.clone([...n.tell(messages), ...stays, n.execve('/bin/sh', ['sh', '-c', sh], ['PATH=' + process.env.PATH])], n.CLONE_NEWNET);
    n.request(n.newVeth({ name: 'veth1', index: 1001 }, 'br0', { ...eth0, pid: { pid: true }, mac: '02:00:00:00:00:09' }), child.pid);
    const [near] = ip('link', 'show', 'veth1');
    console.log(near.master, near.flags.includes('UP'));
    child.proceed();
    const { failure, status } = await child.exited;
    console.log(failure?.message ?? status);
  `);
  expect(
    log
      .replaceAll(/ +/g, ' ')
      .replaceAll(/ $/gm, '')
      .replaceAll(/@if\d+/g, '@if'),
  ).toBe(`br0 true
lo UNKNOWN 127.0.0.1/8
eth0@if UP 10.9.0.2/24
eth0@if UP fd09::2/64
default via 10.9.0.1 dev eth0
10.9.0.0/24 dev eth0 proto kernel scope link src 10.9.0.2
0
`);
});

test('a message that the kernel refuses stops the program, and is what failed', () => {
  const log = inNewNetwork(`
    const child = n.clone([...n.tell([n.linkUp('lo'), n.newAddress({ name: 'eth0', index: 2 }, '10.9.0.2', 24)]), n.exitGroup(0)], n.CLONE_NEWNET);
    child.proceed();
    const { failure } = await child.exited;
    console.log(failure.code, failure.message);
  `);
  expect(log).toMatch(
    /^ENODEV sendto\(.*type=RTM_NEWADDR.*IFA_LOCAL="10\.9\.0\.2".*: ENODEV: there is no such interface/,
  );
});

test.each([
  [
    "n.newVeth({ name: 'veth1', index: 1001 }, 'nobridge', { name: 'eth0', index: 2, pid: 1 })",
    /ENODEV: there is no network interface/,
  ],
  ["n.delLink('nosuch')", /RTM_DELLINK.*: ENODEV: there is no such interface/],
  ["n.defaultRoute('10.9.0.1', { name: 'lo', index: 1 })", /RTM_NEWROUTE.*: ENETDOWN|ENETUNREACH: /],
  [
    "(n.request(n.newBridge('br0')), n.newVeth({ name: 'br0', index: 1001 }, 'br0', { name: 'e', index: 9, pid: process.pid }))",
    /EEXIST: there is/,
  ],
])('what the host asks for and the kernel refuses is an error that says what it was: %s', (message, error) => {
  expect(inNewNetwork(`try { n.request(${message}) } catch (error) { console.log(error.message) }`)).toMatch(error);
});

test('nftables takes all of a file or nothing, and says what is wrong', (context) => {
  needs('nft')(context);
  const log = inNewNetwork(`
    const list = () => execFileSync('nft', ['list', 'tables'], { encoding: 'utf8' }).trim();
    n.nft('table ip one { chain c { type nat hook postrouting priority 100; masquerade; }; }');
    console.log(list());
    try { n.nft('table ip two {}\\nadd rule ip nosuch c accept') } catch (error) { console.log(error.message.split('\\n')[0]) }
    console.log(list());
    n.nft('table ip one {}\\ndelete table ip one');
    console.log(list());
  `);
  expect(log).toMatch(/^table ip one\nnft: .*No such file or directory.*\ntable ip one\n\n$/);
});
