import { describe, expect, test } from 'vitest';
import {
  addressBytes,
  addressText,
  asIp,
  asText,
  defaultRoute,
  delLink,
  encode,
  inWords,
  linkUp,
  type Message,
  macBytes,
  newAddress,
  newBridge,
  newVeth,
  sendto,
  tell,
} from '../src/index.ts';
import { decode } from '../src/rtnetlink/decode.ts';

const eth0 = { name: 'eth0', index: 2 };
const veth = newVeth({ name: 'veth1', index: 1001 }, 'br0', { ...eth0, pid: { pid: true }, mac: '02:42:ac:12:00:02' });

describe('a message is laid out as the kernel reads it', () => {
  // The bytes are what `ip` itself sends (strace -e trace=sendmsg -e write=3), but for the order of attributes.
  test.each<[string, Message, string]>([
    [
      'a link is set up by name',
      linkUp('lo'),
      '28000000 1000 0100 00000000 00000000 00 00 0000 00000000 01000000 01000000 0700 0300 6c6f00 00',
    ],
    [
      'an address has the family, the prefix and the index',
      newAddress(eth0, '172.18.0.2', 16),
      '28000000 1400 0105 00000000 00000000 02 10 00 00 02000000 0800 0200 ac120002 0800 0100 ac120002',
    ],
    [
      'a default route has neither destination nor length',
      defaultRoute('172.18.0.1', eth0),
      '2c000000 1800 0106 00000000 00000000 02 00 00 00 fe 03 00 01 00000000 0800 0500 ac120001 0800 0400 02000000',
    ],
    [
      'an attribute in another counts in its length',
      newBridge('br0'),
      '38000000 1000 0104 00000000 00000000 00 00 0000 00000000 00000000 00000000 0800 0300 62723000 1000 1200 0b00 0100 62726964676500 00',
    ],
  ])('%s', (_, message, bytes) => {
    expect(Buffer.from(encode(message)).toString('hex')).toBe(bytes.replaceAll(' ', ''));
  });

  test('and what is not known before it is sent is no number to it', () => {
    expect(() => encode(veth)).toThrow('expected a number, got {"indexOf":"br0"}');
  });

  test.each<[string, Message, RegExp]>([
    ['an attribute', { ...linkUp('lo'), attributes: { IFA_LOCAL: '1.2.3.4' } }, /there is no attribute IFA_LOCAL here/],
    ['a field', { ...linkUp('lo'), header: { ifa_index: 1 } }, /there is no field ifa_index in this message/],
    [
      'an inherited name',
      { ...linkUp('lo'), attributes: JSON.parse('{"constructor": 1}') },
      /no attribute constructor/,
    ],
    ['a number', newAddress(eth0, '172.18.0.2', 256), /a field of 1 bytes can't hold 256/],
    ['an address', newAddress(eth0, '172.18.0.256', 16), /"172.18.0.256" is no address/],
  ])('%s that a message of its type cannot have is refused', (_, message, error) => {
    expect(() => encode(message)).toThrow(error);
  });
});

describe('a message is shown as the command that does the same', () => {
  test.each<[string, Message]>([
    ['ip link set lo up', linkUp('lo')],
    ['ip link add br0 type bridge', newBridge('br0')],
    ['ip link add br0 address 02:42:ac:12:00:01 type bridge', newBridge('br0', '02:42:ac:12:00:01')],
    ['ip link del veth1', delLink('veth1')],
    ['ip addr replace 172.18.0.2/16 dev eth0', newAddress(eth0, '172.18.0.2', 16)],
    ['ip -6 addr replace fd00::2/64 dev eth0 nodad', newAddress('eth0', 'fd00::2', 64)],
    ['ip route add default via 172.18.0.1 dev eth0', defaultRoute('172.18.0.1', eth0)],
    ['ip -6 route add default via fd00::1 dev eth0', defaultRoute('fd00::1', eth0)],
    [
      'ip link add veth1 index 1001 master br0 up type veth peer name eth0 index 2 address 02:42:ac:12:00:02 netns $pid',
      veth,
    ],
  ])('%s', (command, message) => {
    expect(asIp(message)).toBe(command);
  });

  test('and in a program as strace would, and in words', () => {
    expect(asText(sendto(3, linkUp('lo')))).toBe(
      'sendto(3, {type=RTM_NEWLINK, ifi_flags=1, ifi_change=1, IFLA_IFNAME="lo"}, 40, 0, NULL, 0)',
    );
    expect(inWords(sendto(3, linkUp('lo')))).toBe('tell the kernel: ip link set lo up');
  });
});

test('a program tells the kernel, and goes on if no answer comes', () => {
  const calls = tell([linkUp('lo'), linkUp('eth0')]);
  expect(calls.map(({ name }) => name)).toEqual(['socket', 'sendto', 'recvfrom', 'sendto', 'recvfrom']);
  expect(calls[2]).toMatchObject({ least: 2 ** 31, tolerates: 'EAGAIN' });
});

describe('an address', () => {
  test.each([
    ['172.18.0.2', 'ac120002'],
    ['0.0.0.0', '00000000'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['fd00::2', `fd00${'0'.repeat(27)}2`],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['::ffff:ac12:2', '00000000000000000000ffffac120002'],
  ])('%s has its bytes, and is written so', (text, hex) => {
    expect(Buffer.from(addressBytes(text)).toString('hex')).toBe(hex);
    expect(addressText(Buffer.from(hex, 'hex'))).toBe(text);
  });

  test('of IPv6 may end in one of IPv4, and be written in other ways', () => {
    expect(addressText(addressBytes('::ffff:172.18.0.2'))).toBe('::ffff:ac12:2');
    expect(addressText(addressBytes('2001:DB8:0:0:0:0:0:68'))).toBe('2001:db8::68');
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.-4',
    '::::1',
    '::0::',
    '[::1',
    '::1]',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '::1%eth0',
    ' ::1',
  ])('%j is none', (text) => {
    expect(() => addressBytes(text)).toThrow(`${JSON.stringify(text)} is no address`);
  });

  test('of an interface is six bytes', () => {
    expect([...macBytes('02:42:AC:12:00:02')]).toEqual([2, 0x42, 0xac, 0x12, 0, 2]);
    expect(() => macBytes('02:42:ac:12:00')).toThrow('is no MAC address');
  });
});

describe('bytes are read as the message that they say', () => {
  const cable = newVeth({ name: 'veth1', index: 700 }, 'br0', { ...eth0, pid: 4242, mac: '02:42:ac:12:00:02' });
  const known: Message = { ...cable, attributes: { ...cable.attributes, IFLA_MASTER: 7 } };

  test.each<[string, Message]>([
    ['a link that is set up', linkUp('lo')],
    ['a cable, with what is in what', known],
    ['an IPv6 address', newAddress(eth0, 'fd09::2', 64)],
    ['a default route', defaultRoute('172.18.0.1', eth0)],
  ])('%s', (_, message) => {
    const { type, flags, header, attributes } = decode(encode(message));
    expect({ type, flags: [...flags].sort() }).toEqual({ type: message.type, flags: [...message.flags].sort() });
    expect(header).toMatchObject(message.header);
    expect(attributes).toMatchObject(message.attributes);
    expect(encode({ type, flags, header, attributes })).toEqual(encode(message));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /no whole message/],
    ['a message that breaks off', encode(linkUp('lo')).subarray(0, 30), /no whole message/],
    ['a type that nobody sends', encode(linkUp('lo')).with(4, 99), /unknown type of message: 99/],
    ['an attribute that nobody sends', encode(linkUp('lo')).with(34, 77), /unknown attribute: 77/],
    ['an attribute that is longer than the message', encode(linkUp('lo')).with(32, 200), /breaks off/],
  ])('but %s is none', (_, bytes, error) => {
    expect(() => decode(bytes)).toThrow(error);
  });
});
