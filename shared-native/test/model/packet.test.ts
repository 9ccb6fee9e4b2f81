import { describe, expect, test } from 'vitest';
import { linkUp, newAddress, newBridge } from '../../src/index.ts';
import {
  addTables,
  asParent,
  FAR_AWAY,
  HOST,
  machine,
  type NftTable,
  newNetwork,
  packet,
  removeTables,
  type State,
  tellKernel,
} from '../../src/model/index.ts';

function onHost<T>(doing: (state: State) => T): T {
  const state = machine();
  return asParent(state, () => doing(state));
}

const table = (...rules: string[]): NftTable => ({ family: 'inet', name: 't', chains: { c: rules } });

describe('a packet', () => {
  test('of the host arrives far away, and the answer finds its way back', () => {
    const { state, delivery } = onHost((state) => ({
      state,
      delivery: packet(state, { to: FAR_AWAY.four, port: 80 }),
    }));
    expect(delivery).toMatchObject({ arrives: true, answered: true, packet: { source: HOST.four, port: 80 } });
    expect(delivery.at).toBe(state.outside);
    expect(onHost((state) => packet(state, { to: FAR_AWAY.six, port: 80 }))).toMatchObject({
      arrives: true,
      answered: true,
    });
  });

  test('says why it does not arrive', () => {
    const alone = newNetwork(-9, machine().firstUserNamespace);
    const why = (question: Parameters<typeof packet>[1]) => onHost((state) => packet(state, question).why);
    expect(why({ in: alone, to: '10.9.0.1', port: 80 })).toBe('ENETUNREACH: no route leads to 10.9.0.1');
    expect(why({ to: '192.168.1.99', port: 80 })).toBe('EHOSTUNREACH: nobody at eth0 answers for 192.168.1.99');
    expect(why({ from: '10.9.0.1', to: FAR_AWAY.four, port: 80 })).toBe(
      'EADDRNOTAVAIL: 10.9.0.1 is no address of this machine',
    );
  });

  test('gets there, but not its answer, where the other side knows no way back', () => {
    const delivery = onHost((state) => {
      const { net } = state.process.namespaces;
      for (const message of [newBridge('br0'), newAddress('br0', '10.9.0.1', 24), linkUp('br0')])
        tellKernel(state, net, message);
      return packet(state, { from: '10.9.0.1', to: FAR_AWAY.four, port: 80 });
    });
    expect(delivery).toMatchObject({ arrives: true, answered: false });
    expect(delivery.whyNoAnswer).toBe('ENETUNREACH: no route leads to 10.9.0.1');
  });

  test('is translated by the first rule that matches, and so is its answer', () => {
    const sent = (...rules: string[]) =>
      onHost((state) => {
        addTables(state, [table('type nat hook output priority -100', ...rules)]);
        return packet(state, { to: FAR_AWAY.four, port: 8080 });
      });
    const rule = `ip daddr ${FAR_AWAY.four} tcp dport 8080 dnat ip to 192.168.1.1:80`;
    expect(sent(rule)).toMatchObject({ packet: { destination: '192.168.1.1', port: 80 }, answered: true });
    expect(
      sent('udp dport 8080 dnat ip to 1.1.1.1:80', 'dnat ip6 to fd00::1', rule, 'dnat to 192.168.1.99').packet,
    ).toMatchObject({ port: 80 });
    expect(sent('accept', rule).packet).toMatchObject({ port: 8080 });
  });

  test('is dropped by any chain that drops it, whatever another says', () => {
    const why = (...tables: NftTable[]) =>
      onHost((state) => {
        addTables(state, tables);
        return packet(state, { to: FAR_AWAY.four, port: 80 }).why;
      });
    const chain = (name: string, ...lines: string[]) => ({ ...table(...lines), name });
    const drops = chain('two', 'type filter hook output priority 10; policy drop');
    expect(why(chain('one', 'type filter hook output priority 0', 'tcp dport 80 accept'), drops)).toBe(
      'dropped by a rule at output',
    );
    expect(
      why(
        chain(
          'one',
          'type filter hook output priority 0; policy drop',
          'oifname != "lo" tcp dport { 22, 79-81 } accept',
        ),
      ),
    ).toBe(undefined);
  });
});

describe('tables of nftables', () => {
  test('are made all or none, and may be gone when they are removed', () => {
    onHost((state) => {
      const { tables } = state.process.namespaces.net;
      addTables(state, [table('type filter hook input priority 0')]);
      expect(() =>
        addTables(state, [{ ...table(), name: 'other', chains: {} }, table('type filter hook input priority 0')]),
      ).toThrow('EEXIST');
      expect(tables.map(({ name }) => name)).toEqual(['t']);
      removeTables(state, [
        { family: 'inet', name: 't' },
        { family: 'netdev', name: 'gone' },
      ]);
      expect(tables).toEqual([]);
    });
  });

  test.each([
    'tcp flags syn accept',
    'ip saddr nonsense accept',
    'jump other',
    'dnat to',
    'tcp dport http accept',
    'accept drop',
    '@nh,0,8 1 drop',
  ])('with a rule that the model does not know are refused: %s', (rule) => {
    expect(() => onHost((state) => addTables(state, [table('type filter hook input priority 0', rule)]))).toThrow(
      /doesn't know this rule/,
    );
  });

  test('with a chain that the model does not know, too', () => {
    expect(() => onHost((state) => addTables(state, [table('type route hook output priority 0')]))).toThrow(
      /doesn't know this chain/,
    );
  });
});
