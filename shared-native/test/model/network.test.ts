import { describe, expect, test } from 'vitest';
import {
  AF_NETLINK,
  AT_FDCWD,
  CLONE_NEWNET,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  defaultRoute,
  delLink,
  linkUp,
  type Message,
  MSG_DONTWAIT,
  makeCall,
  newAddress,
  newBridge,
  newVeth,
  O_RDONLY,
  O_RDWR,
  openat,
  read,
  recvfrom,
  SOCK_CLOEXEC,
  SOCK_RAW,
  sendto,
  setresuid,
  socket,
  tell,
  write,
} from '../../src/index.ts';
import { machine, model } from '../../src/model/index.ts';
import { errnoIn } from '../../src/rtnetlink/tell.ts';
import { answers, made } from './answers.ts';

const eth0 = { name: 'eth0', index: 2 };
const NEW = { clone: CLONE_NEWNET };

/** What the kernel answers to each message: 0 for nothing at all. */
function errnos(messages: readonly Message[], options = NEW): number[] {
  const after = made(tell(messages), options);
  const received = after.answers.filter(({ call }) => call.name === 'recvfrom');
  return received.map(({ filled, error }) => (error === 'EAGAIN' ? 0 : errnoIn(filled?.buf as Uint8Array)));
}

describe('a network namespace', () => {
  test('begins with a loopback interface that is down, and has its addresses when it is up', () => {
    const { net } = made([], NEW).state.process.namespaces;
    expect([...net.links.values()].map(({ name, up, addresses }) => ({ name, up, addresses }))).toEqual([
      { name: 'lo', up: false, addresses: [] },
    ]);
    const after = made(tell([linkUp('lo')]), NEW).state.process.namespaces.net.links.get(1);
    expect(after).toMatchObject({ up: true, addresses: [{ local: '127.0.0.1', prefix: 8 }, { local: '::1' }] });
  });

  test('changes only for who may: the errno comes back by recvfrom', () => {
    expect(errnos([linkUp('lo')], { ...NEW, uid: 1000 } as typeof NEW)).toEqual([1]);
    const lost = [...tell([linkUp('lo')]).slice(0, 1), setresuid(1000, 1000, 1000)];
    const [rtnetlink] = lost as [(typeof lost)[0]];
    const room = recvfrom(rtnetlink, new Uint8Array(100), MSG_DONTWAIT);
    expect(made([...lost, sendto(rtnetlink, linkUp('lo')), room], NEW).answers.at(-1)?.result).toBeGreaterThan(0);
  });

  test('has a way to the gateway only once an interface has an address near it', () => {
    const bridge = [newBridge('eth0'), linkUp('eth0')];
    const route = defaultRoute('10.9.0.1', eth0);
    expect(errnos([...bridge, route, newAddress(eth0, '10.9.0.2', 24), route, route])).toEqual([0, 0, 101, 0, 0, 17]);
  });

  test('of a socket is the one in which it was opened', () => {
    const { state } = made([socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0)], NEW);
    const moved = model(state).run([makeCall('unshare', { flags: { kind: 'integer', value: CLONE_NEWNET } })]).state;
    const after = model(moved).run([sendto(3, linkUp('lo'))]).state;
    expect(after.process.namespaces.net.links.get(1)?.up).toBe(false);
    const { special } = after.process.descriptors.get(3)?.file.place.inode ?? {};
    expect(special?.kind === 'socket' && special.network.links.get(1)?.up).toBe(true);
  });

  test('has both ends of a cable or none, and both go together', () => {
    const options = { clone: CLONE_NEWNET | CLONE_NEWPID };
    const names = (...messages: Message[]) => {
      const { net } = made(tell(messages), options).state.process.namespaces;
      return [...net.links.values()].map(({ name }) => name).sort();
    };
    const cable = newVeth({ name: 'veth1', index: 700 }, 'br0', { name: 'eth0', index: 16, pid: 1 });
    const pluggedInto = (IFLA_MASTER: number) => ({ ...cable, attributes: { ...cable.attributes, IFLA_MASTER } });
    expect(errnos([pluggedInto(9)], options)).toEqual([22]); // there is no interface 9
    expect(names(pluggedInto(9))).toEqual(['lo']);
    expect(names(newBridge('br0'), pluggedInto(2))).toEqual(['br0', 'eth0', 'lo', 'veth1']);
    expect(names(newBridge('br0'), pluggedInto(2), delLink('eth0'))).toEqual(['br0', 'lo']);
  });
});

describe('a socket of rtnetlink', () => {
  test('waits for an answer where nobody said not to', () => {
    const [rtnetlink] = tell([]) as [ReturnType<typeof socket>];
    expect(made([rtnetlink, recvfrom(rtnetlink, new Uint8Array(10))]).end).toBe('waiting');
  });

  test('is no other descriptor, and other sockets are not modelled', () => {
    const null_ = openat(AT_FDCWD, '/dev/null', O_RDWR);
    expect(answers([null_, sendto(null_, linkUp('lo')), sendto(99, linkUp('lo'))])).toEqual([3, 'ENOTSOCK', 'EBADF']);
    const plain = socket(2, 1, 0);
    expect(() => made([plain, sendto(plain, linkUp('lo'))])).toThrow(/only those of rtnetlink are modelled/);
  });

  test('takes no bytes that the model does not know', () => {
    const [rtnetlink] = tell([]) as [ReturnType<typeof socket>];
    const { buf, ...args } = sendto(rtnetlink, linkUp('lo')).args;
    const odd = makeCall('sendto', {
      sockfd: { kind: 'result', of: rtnetlink },
      buf: { kind: 'bytes', value: new Uint8Array(20) },
      ...Object.fromEntries(Object.entries(args).slice(1)),
    });
    expect(buf?.kind).toBe('bytes');
    expect(() => made([rtnetlink, odd])).toThrow(/doesn't know this message of rtnetlink/);
  });
});

describe('/proc/sys/net', () => {
  const forward = '/proc/sys/net/ipv4/ip_forward';
  const shown = (path: string, options = {}) => {
    const file = openat(AT_FDCWD, path, O_RDONLY);
    const { filled, error } = made([file, read(file, new Uint8Array(9))], options).answers.at(-1) ?? {};
    return error ?? new TextDecoder().decode(filled?.buf).replace(/\0.*$/s, '');
  };

  test('has the variables of the network namespace that the process is in', () => {
    const file = openat(AT_FDCWD, forward, O_RDWR);
    const { net } = made([file, write(file, '1\n')]).state.process.namespaces;
    expect(net.settings.get('ipv4/conf/eth0/forwarding')).toBe('1');
    expect(shown(forward)).toBe('0\n');
    expect(shown('/proc/sys/net/ipv4/conf/eth0/route_localnet')).toBe('0\n');
    expect(shown('/proc/sys/net/ipv4/conf/eth0/route_localnet', NEW)).toBe('EBADF');
    expect(shown('/proc/sys/net/ipv6/conf/lo/accept_dad', NEW)).toBe('1\n');
    expect(shown('/proc/sys/net/ipv4/neigh/lo/retrans_time_ms', NEW)).toBe('1000\n');
    expect(shown('/proc/sys/net/ipv4/neigh/all/retrans_time_ms', NEW)).toBe('EBADF');
  });

  test('takes numbers, from who may', () => {
    const file = openat(AT_FDCWD, forward, O_RDWR);
    expect(answers([file, write(file, 'yes')])).toEqual([3, 'EINVAL']);
    expect(answers([file, write(file, '1')], { uid: 1000 }).slice(0, 1)).toEqual(['EACCES']);
    expect(
      answers([file, write(file, '1')], { clone: CLONE_NEWUSER, uidMap: [{ inside: 0, outside: 0, length: 1 }] }),
    ).toEqual([3, 'EPERM']);
  });
});

test('the host has a way out, and lets nothing through', () => {
  const { net } = machine().parent.namespaces;
  expect([...net.links.values()].map(({ name, up }) => `${name} ${up}`)).toEqual(['lo true', 'eth0 true']);
  expect(net.routes.find(({ prefix }) => prefix === 0)).toMatchObject({ gateway: '192.168.1.1' });
});
