import { AF_INET } from '../../kernel/constants.ts';
import type { Message } from '../../rtnetlink/message.ts';
import { fail, ModelError } from '../errors.ts';
import type { Address, Link, NetworkNamespace, Route } from '../state.ts';
import { canonical, covers, familyOf, subnetOf, widthOf } from './subnet.ts';

// <linux/rtnetlink.h>
const RTN_UNICAST = 1;
const RTN_MAX = 11;
const RTPROT_KERNEL = 2;
const RT_TABLE_UNSPEC = 0;
const RT_TABLE_MAIN = 254;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
/** What IPv6 has where no metric is given: for the kernel's own routes, and for others. */
const METRIC_6 = { kernel: 256, other: 1024 };

/** The way to the subnet of an address, which the kernel adds by itself. */
export function routeTo(link: Link, { local, prefix, secondary }: Address): void {
  const family = familyOf(local);
  const isFour = family === AF_INET;
  if (!link.up || secondary || (isFour && (prefix === 32 || link.kind === 'loopback')) || local === '::1') return;
  const destination = subnetOf(local, prefix);
  const { routes } = link.network;
  if (routes.some((one) => one.link === link && one.destination === destination && one.prefix === prefix)) return;
  routes.push({
    ...{ family, destination, prefix, gateway: null, link, protocol: RTPROT_KERNEL },
    ...(isFour
      ? { scope: RT_SCOPE_LINK, metric: 0, source: local }
      : { scope: 0, metric: METRIC_6.kernel, source: null }),
  });
}

/** Removes routes over an interface. */
export function dropRoutes(link: Link, which: (route: Route) => boolean): void {
  const { routes } = link.network;
  const kept = routes.filter((route) => route.link !== link || !which(route));
  routes.splice(0, routes.length, ...kept);
}

/** Those that lead to an address, the nearest first: of the longest prefix, then of the smallest metric. */
export function routesTo(network: NetworkNamespace, address: string): Route[] {
  return network.routes
    .filter(({ destination, prefix }) => covers(destination, prefix, address))
    .sort((one, other) => other.prefix - one.prefix || one.metric - other.metric);
}

/** RTM_NEWROUTE. */
export function newRoute(network: NetworkNamespace, message: Message): void {
  const wanted = wantedBy(message);
  const { family, destination, prefix, gateway } = wanted;
  if (message.header.rtm_type !== RTN_UNICAST) throw new ModelError('only unicast routes are modelled');
  const link = family === AF_INET ? wayOut(network, wanted) : wayOut6(network, wanted);
  const metric = wanted.metric || (family === AF_INET ? 0 : METRIC_6.other);
  const protocol = Number(message.header.rtm_protocol);
  const scope = family === AF_INET ? wanted.scope : RT_SCOPE_UNIVERSE;
  const route: Route = { family, destination, prefix, gateway, link, protocol, scope, metric, source: null };
  insert(network, route, message.flags);
}

interface Wanted extends Pick<Route, 'family' | 'destination' | 'prefix' | 'gateway' | 'metric' | 'scope'> {
  readonly index: number;
}

/** @throws EINVAL */
function wantedBy({ header, attributes }: Message): Wanted {
  const { rtm_family, rtm_dst_len, rtm_table, rtm_type, rtm_scope } = header as Record<string, number>;
  const family = rtm_family as number;
  const prefix = rtm_dst_len as number;
  if (prefix > widthOf(family) || (rtm_type as number) > RTN_MAX) fail('EINVAL');
  if (![RT_TABLE_UNSPEC, RT_TABLE_MAIN].includes(rtm_table as number))
    throw new ModelError('of the routing tables only the main one is modelled');
  const given = attributes.RTA_DST === undefined ? anywhere(family) : canonical(String(attributes.RTA_DST));
  const gateway = attributes.RTA_GATEWAY === undefined ? null : canonical(String(attributes.RTA_GATEWAY));
  if (familyOf(given) !== family || (gateway !== null && familyOf(gateway) !== family)) fail('EINVAL');
  const destination = subnetOf(given, prefix);
  if (family === AF_INET && destination !== given) fail('EINVAL');
  const index = Number(attributes.RTA_OIF ?? 0);
  return {
    family,
    destination,
    prefix,
    gateway,
    index,
    metric: Number(attributes.RTA_PRIORITY ?? 0),
    scope: rtm_scope as number,
  };
}

const anywhere = (family: number) => (family === AF_INET ? '0.0.0.0' : '::');

/** Which interface it leads over: a gateway must be near, in the subnet of an address. @throws EINVAL, ENETUNREACH, ENODEV, ENETDOWN */
function wayOut(network: NetworkNamespace, { gateway, index, scope }: Wanted): Link {
  if (gateway === null) {
    const link = network.links.get(index) ?? fail('ENODEV');
    return link.up ? link : fail('ENETDOWN');
  }
  const own = ownerOf(network, gateway);
  if (own && (index === 0 || own.index === index)) return own.up ? own : fail('ENETDOWN');
  const near = routesTo(network, gateway).filter((route) => route.scope >= Math.max(RT_SCOPE_LINK, scope + 1));
  const route = near.find(({ link }) => index === 0 || link.index === index) ?? fail('ENETUNREACH');
  return route.link;
}

/** The same for IPv6, which answers with other errors. @throws ENODEV, EHOSTUNREACH, ENETDOWN, EINVAL */
function wayOut6(network: NetworkNamespace, { gateway, index }: Wanted): Link {
  const link = index === 0 ? undefined : (network.links.get(index) ?? fail('ENODEV'));
  if (gateway === null) {
    if (!link) return fail('ENODEV');
    return link.up ? link : fail('ENETDOWN');
  }
  if (ownerOf(network, gateway)) fail('EINVAL');
  const near = routesTo(network, gateway).find((route) => route.gateway === null && (!link || route.link === link));
  return near?.link ?? fail('EHOSTUNREACH');
}

function ownerOf({ links }: NetworkNamespace, address: string): Link | undefined {
  return [...links.values()].find(({ addresses }) => addresses.some(({ local }) => local === address));
}

/** @throws EEXIST, ENOENT */
function insert({ routes }: NetworkNamespace, route: Route, flags: Message['flags']): void {
  const isSame = (one: Route) =>
    one.family === route.family &&
    one.destination === route.destination &&
    one.prefix === route.prefix &&
    one.metric === route.metric;
  const first = routes.findIndex(isSame);
  if (first >= 0 && flags.includes('NLM_F_EXCL')) fail('EEXIST');
  if (first >= 0 && flags.includes('NLM_F_REPLACE')) {
    routes.splice(first, 1, route);
    return;
  }
  if (first >= 0 && routes.some((one) => isSame(one) && sameWay(one, route))) fail('EEXIST');
  if (!flags.includes('NLM_F_CREATE')) fail('ENOENT');
  routes.splice(first >= 0 ? first : routes.length, 0, route);
}

const sameWay = (one: Route, other: Route) =>
  one.gateway === other.gateway &&
  one.link === other.link &&
  one.scope === other.scope &&
  one.protocol === other.protocol;

/** RTM_DELROUTE. @throws ESRCH */
export function delRoute(network: NetworkNamespace, message: Message): void {
  const wanted = wantedBy(message);
  const { rtm_protocol: protocol, rtm_type: type } = message.header as Record<string, number>;
  const found = network.routes.findIndex(
    (one) =>
      one.family === wanted.family &&
      one.destination === wanted.destination &&
      one.prefix === wanted.prefix &&
      (wanted.metric === 0 || one.metric === wanted.metric) &&
      (protocol === 0 || one.protocol === protocol) &&
      (type === 0 || type === RTN_UNICAST) &&
      (wanted.family !== AF_INET || wanted.scope === RT_SCOPE_NOWHERE || one.scope === wanted.scope) &&
      (wanted.gateway === null || one.gateway === wanted.gateway) &&
      (wanted.index === 0 || one.link.index === wanted.index),
  );
  const meansAny =
    wanted.prefix === 0 && !wanted.gateway && wanted.index <= 1 && wanted.metric + Number(protocol) === 0;
  if (found < 0) fail(wanted.family !== AF_INET && meansAny ? 'ENOENT' : 'ESRCH'); // IPv6 has a default that goes nowhere
  network.routes.splice(found, 1);
}
