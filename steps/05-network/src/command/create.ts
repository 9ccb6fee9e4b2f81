import { existsSync } from 'node:fs';
import { happened, put } from 'step-04';
import { checkOptions, chosenBridge } from '../bridge-options.ts';
import { DEFAULT_NETWORK, NETWORK_NAME, type Network, type Subnet } from '../network.ts';
import { bridgeName, defineNetwork } from '../networks.ts';
import { freeSubnet, hostRoutes, hostRoutes6, type Route, uniqueSubnet } from '../pools.ts';
import { block, cidrOf, overlap } from '../subnet.ts';
import type { CreateFlags } from './flags.ts';
import { idOf, isPredefined } from './id.ts';
import { subnetsOf, withGateway } from './subnets.ts';

/** `network create`: makes a network, and tells its ID. @returns the exit status */
export function create(name: string, flags: CreateFlags): number {
  const network = defineNetwork((others) => defined(name, flags, others, [...hostRoutes(), ...hostRoutes6()]));
  happened({ Type: 'network', Action: 'create', id: idOf(network), attributes: { name, type: network.driver } });
  put(`${idOf(network)}\n`);
  return 0;
}

/**
 * The network that the flags mean.
 *
 * @param others - the networks that there are
 * @param routes - where the host has routes to
 * @throws {Error} if it can't be, or would take what belongs to others
 */
export function defined(
  name: string,
  flags: CreateFlags,
  others: readonly Network[],
  routes: readonly Route[],
): Network {
  checkName(name, others);
  refuseNotHere(flags);
  const given = subnetsOf(flags);
  const version = (six: boolean) => given.find(({ cidr }) => cidr.includes(':') === six);
  const options = flags.opt ?? {};
  checkOptions(options, flags.ipv6 === true || version(true) !== undefined);
  const bridge = freeBridge(options, others) ?? bridgeName(name);
  for (const subnet of given) refuseTaken(subnet, others, routes);
  const taken = [...routes, ...others.flatMap(({ subnets }) => subnets.map(({ cidr }) => block(cidr)))];
  const four = flags.ipv4 === false ? undefined : (version(false) ?? withGateway(freeSubnet(taken)));
  const six = version(true) ?? (flags.ipv6 ? withGateway(uniqueSubnet()) : undefined);
  if (!four && !six) throw new Error('IPv4 or IPv6 must be enabled\nLeave out --ipv4=false, or add --ipv6');
  return {
    name,
    driver: 'bridge',
    bridge,
    subnets: [four, six].filter((one) => one !== undefined),
    internal: flags.internal ?? false,
    created: new Date().toISOString(),
    options,
    labels: flags.label ?? {},
    ...(flags.attachable && { attachable: true }),
    ...(flags.ipamOpt && { ipamOptions: flags.ipamOpt }),
  };
}

/** @throws {Error} that says what to do instead */
function refuseNotHere({ configFrom, configOnly, ingress }: CreateFlags): void {
  if (configFrom !== undefined)
    throw new Error(
      `configuration network ${JSON.stringify(configFrom)} does not exist\nGive its flags to this network`,
    );
  if (configOnly) throw new Error('--config-only is not here: give the flags to each network itself');
  if (ingress) throw new Error('--ingress is not here: it is a network of a swarm');
}

/** The interface that `-o com.docker.network.bridge.name=` chose. @throws {Error} if it is somebody else's */
function freeBridge(options: Readonly<Record<string, string>>, others: readonly Network[]): string | undefined {
  const chosen = chosenBridge(options);
  if (chosen === undefined) return undefined;
  const other =
    chosen === bridgeName(DEFAULT_NETWORK) ? DEFAULT_NETWORK : others.find(({ bridge }) => bridge === chosen)?.name;
  if (other) throw new Error(`networks have same bridge name: ${chosen} is the bridge of network ${other}`);
  if (existsSync(`/sys/class/net/${chosen}`)) throw new Error(`the host has an interface ${chosen} already`);
  return chosen;
}

function checkName(name: string, others: readonly Network[]): void {
  if (name.trim() === '') throw new Error('invalid name: name is empty');
  if (!NETWORK_NAME.test(name)) {
    throw new Error(
      `invalid network name ${JSON.stringify(name)}: expected letters, digits and _ . -, with a letter or digit first`,
    );
  }
  if (isPredefined(name)) throw new Error(`operation is not permitted on predefined ${name} network`);
  if (others.some((one) => one.name === name)) throw new Error(`network with name ${name} already exists`);
}

/** @throws {Error} if the addresses are those of another network, or of something that the host has a route to */
function refuseTaken({ cidr }: Subnet, others: readonly Network[], routes: readonly Route[]): void {
  const subnet = block(cidr);
  const overlaps = 'invalid pool request: Pool overlaps with other one on this address space';
  for (const { name, subnets } of others) {
    const [mine] = subnets.filter((one) => overlap(block(one.cidr), subnet));
    if (mine) throw new Error(`${overlaps}\nnetwork ${name} has ${mine.cidr}`);
  }
  const route = routes.find((one) => overlap(one, subnet));
  if (route) throw new Error(`${overlaps}\nthe host reaches ${cidrOf(route)} by ${route.device}, and no longer would`);
}
