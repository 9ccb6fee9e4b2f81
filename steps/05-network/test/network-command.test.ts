import { asShell } from 'step-04';
import { describe, expect, test } from 'vitest';
import { takeAddresses } from '../src/addresses.ts';
import { plugIn } from '../src/cable.ts';
import { defined } from '../src/command/create.ts';
import { isWanted } from '../src/command/filter.ts';
import type { CreateFlags } from '../src/command/flags.ts';
import { bridgeName } from '../src/networks.ts';
import { hostRoutes, hostRoutes6 } from '../src/pools.ts';
import { networkTable } from '../src/rules.ts';
import { endpoint } from './judge.ts';

/** What `network create` makes, where the host has these routes, and there is another network. */
function made(flags: CreateFlags, name = 'mine') {
  const other = defined('other', { subnet: ['10.5.0.0/16'] }, [], []);
  return defined(name, flags, [other], [...hostRoutes(ROUTES), ...hostRoutes6(ROUTES6)]);
}

/** /proc/net/route of a host whose eth0 is 172.17.3.4/16: its addresses are numbers of a little-endian machine. */
const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
`;

const ROUTES6 = `20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;

const BRIDGE = 'com.docker.network.bridge';

describe('network create', () => {
  test('gives docker’s bridge its name, and keeps what a swarm would want', () => {
    const opt = { [`${BRIDGE}.name`]: 'mybr0', 'com.docker.network.nosuch': 'x' };
    expect(made({ opt, attachable: true, ipamOpt: { a: 'b' } })).toMatchObject({
      ...{ bridge: 'mybr0', options: opt, attachable: true, ipamOptions: { a: 'b' } },
    });
  });

  test('takes an empty name of a bridge, and an MTU of 0, as none', () => {
    const opt = { [`${BRIDGE}.name`]: '', 'com.docker.network.driver.mtu': '0' };
    expect(made({ opt }).bridge).toBe(bridgeName('mine'));
  });

  test('keeps the addresses of --aux-address for others', () => {
    const network = made({ subnet: ['10.6.0.0/16'], auxAddress: { printer: '10.6.0.2' } });
    expect(network.subnets[0]?.auxiliary).toEqual({ printer: '10.6.0.2' });
    const all = () => true;
    expect(takeAddresses(network, {}, all)).toMatchObject([{ address: '10.6.0.3' }]);
    expect(() => takeAddresses(network, { ip: '10.6.0.2' }, all)).toThrow('10.6.0.2 is in use');
  });

  test('tells each container’s cable how long packets are, and whether others may be reached', () => {
    const opt = { 'com.docker.network.driver.mtu': '1400', [`${BRIDGE}.enable_icc`]: 'false' };
    const network = made({ opt: { ...opt, [`${BRIDGE}.enable_ip_masquerade`]: 'false' } });
    const lines = plugIn([endpoint(network, 2)]).flatMap((action) => action.do.map(asShell));
    expect(lines.join('\n')).toMatch(
      /^ip link add .* mtu 1400 .* mtu 1400 .*\nip link set \S+ type bridge_slave isolated on$/s,
    );
    expect(JSON.stringify(networkTable(network))).not.toContain('oifname != ');
  });

  test('takes the first subnet that nobody has', () => {
    expect(made({}).subnets).toEqual([{ cidr: '172.18.0.0/16', gateway: '172.18.0.1' }]);
    expect(made({ ipv6: true }).subnets).toEqual([
      { cidr: '172.18.0.0/16', gateway: '172.18.0.1' },
      { cidr: expect.stringMatching(/^fd[\da-f:]+::\/64$/), gateway: expect.stringMatching(/^fd[\da-f:]+::1$/) },
    ]);
    expect(made({ ipv6: true, ipv4: false }).subnets).toHaveLength(1);
  });

  test('takes the subnet, gateway and range that it is given, those of each version together', () => {
    const flags = {
      subnet: ['fd05::/64', '10.6.0.0/16'],
      gateway: ['10.6.0.254', 'fd05::9'],
      ipRange: ['10.6.3.0/24'],
      internal: true,
      label: { tier: 'db' },
    };
    expect(made(flags)).toMatchObject({
      subnets: [
        { cidr: '10.6.0.0/16', gateway: '10.6.0.254', ipRange: '10.6.3.0/24' },
        { cidr: 'fd05::/64', gateway: 'fd05::9' },
      ],
      internal: true,
      labels: { tier: 'db' },
    });
  });

  test.each<[string, CreateFlags, string]>([
    ['overlaps with other one', { subnet: ['10.5.3.0/24'] }, 'network other has 10.5.0.0/16'],
    ['overlaps with other one', { subnet: ['10.0.0.0/8'] }, 'network other has 10.5.0.0/16'],
    ['overlaps with other one', { subnet: ['172.17.9.0/24'] }, 'the host reaches 172.17.0.0/16 by eth0'],
    ['overlaps with other one', { subnet: ['2001:db8::/56'] }, 'the host reaches 2001:db8::/64 by eth0'],
    ['invalid subnet 10.6.1.0/16', { subnet: ['10.6.1.0/16'] }, 'it should be 10.6.0.0/16'],
    ['Expected a subnet', { subnet: ['10.6.0.0'] }, '"10.6.0.0"'],
    ['invalid subnet 10.6.0.0/31', { subnet: ['10.6.0.0/31'] }, 'no room for a gateway and a container'],
    ['must have a corresponding subnet', { gateway: ['10.6.0.1'] }, 'add --subnet'],
    ['no matching subnet for gateway', { subnet: ['10.6.0.0/16'], gateway: ['10.7.0.1'] }, '10.7.0.1'],
    ['no matching subnet for range', { subnet: ['10.6.0.0/16'], ipRange: ['10.0.0.0/8'] }, '10.0.0.0/8'],
    ['invalid ip-range', { subnet: ['10.6.0.0/16'], ipRange: ['10.6.3.9/24'] }, 'it should be 10.6.3.0/24'],
    ['invalid gateway 10.6.0.0', { subnet: ['10.6.0.0/16'], gateway: ['10.6.0.0'] }, 'are nobody'],
    ['invalid gateway 10.6.255.255', { subnet: ['10.6.0.0/16'], gateway: ['10.6.255.255'] }, 'are nobody'],
    ['multiple gateways', { subnet: ['10.6.0.0/16'], gateway: ['10.6.0.1', '10.6.0.2'] }, '10.6.0.1, 10.6.0.2'],
    ['one subnet of each version', { subnet: ['10.6.0.0/16', '10.7.0.0/16'] }, 'one subnet'],
    ['must be enabled', { ipv4: false }, 'IPv4 or IPv6'],
    ['aux-address', { subnet: ['10.6.0.0/16'], auxAddress: { a: '10.7.0.1' } }, '10.7.0.1'],
    ['enable_icc', { opt: { [`${BRIDGE}.enable_icc`]: 'maybe' } }, 'strconv.ParseBool: parsing "maybe"'],
    ['mtu', { opt: { 'com.docker.network.driver.mtu': 'x' } }, 'strconv.Atoi: parsing "x"'],
    ['MTU', { opt: { 'com.docker.network.driver.mtu': '-1' } }, 'invalid MTU number: -1'],
    ['invalid argument', { opt: { 'com.docker.network.driver.mtu': '67' } }, 'from 68 to 65535, got 67'],
    ['invalid argument', { opt: { 'com.docker.network.driver.mtu': '1279' }, ipv6: true }, 'from 1280'],
    ['result out of range', { opt: { [`${BRIDGE}.name`]: 'br%d' } }, "can't be the name of an interface"],
    ['result out of range', { opt: { [`${BRIDGE}.name`]: 'ä'.repeat(8) } }, "can't be the name of an interface"],
    ['same bridge name', { opt: { [`${BRIDGE}.name`]: bridgeName('bridge') } }, 'of network bridge'],
    ['the name of an interface', { opt: { [`${BRIDGE}.name`]: 'a'.repeat(16) } }, 'result out of range'],
    ['an interface lo', { opt: { [`${BRIDGE}.name`]: 'lo' } }, 'already'],
    ['host_binding_ipv4', { opt: { [`${BRIDGE}.host_binding_ipv4`]: '::1' } }, 'expected an address of IPv4'],
    ['interface name', { opt: { 'com.docker.network.container_iface_prefix': 'a b' } }, 'at most 12 letters'],
    ['configuration network', { configFrom: 'x' }, 'does not exist'],
    ['contradicts', { ipv4: false, subnet: ['10.6.0.0/16'] }, '--ipv4=false'],
  ])('refuses what %s: %j', (what, flags, why) => {
    expect(() => made(flags)).toThrow(what);
    expect(() => made(flags)).toThrow(why);
  });

  test.each([
    ['other', 'network with name other already exists'],
    ['bridge', 'not permitted on predefined bridge network'],
    ['host', 'not permitted on predefined host network'],
    ['container:web', 'invalid network name "container:web"'],
    ['../up', 'invalid network name "../up"'],
    ['', 'invalid name: name is empty'],
  ])('refuses the name "%s": %s', (name, why) => {
    expect(() => made({}, name)).toThrow(why);
  });
});

describe('network ls --filter', () => {
  const network = { ...made({ label: { tier: 'db', of: 'shop' } }), name: 'mine' };
  const leaves = (...filters: string[]) =>
    isWanted(filters, () => [])({ name: 'mine', driver: 'bridge', id: 'abcdef', network });

  test('leaves what all names match, and of each name one value', () => {
    expect(leaves('name=in', 'name=other', 'driver=bridge', 'id=abc', 'scope=local', 'type=custom')).toBe(true);
    expect(leaves('name=in', 'driver=host')).toBe(false);
    expect(leaves('type=builtin')).toBe(false);
    expect(leaves('name=^mine$', 'id=^abc')).toBe(true);
    expect(leaves('name=^min$')).toBe(false);
  });

  test('leaves only what has all of several labels', () => {
    expect(leaves('label=tier=db', 'label=of')).toBe(true);
    expect(leaves('label=tier=db', 'label=of=school')).toBe(false);
  });

  test.each([
    ['colour=red', "invalid filter 'colour'"],
    ['dangling=maybe', "invalid value for filter 'dangling', must be"],
  ])('refuses %s', (filter, message) => {
    expect(() => leaves(filter)).toThrow(message);
  });
});
