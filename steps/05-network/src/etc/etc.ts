import { dirname } from 'node:path';
import { type Action, mkdirp, rmdirIfEmpty } from 'step-04';
import type { Endpoint } from '../network.ts';
import type { Options } from '../options.ts';
import { etcOf, newFile, removeDirectory } from './files.ts';
import { hostsFile, neighbourLines } from './hosts.ts';
import { introduce, sayGoodbye } from './neighbours.ts';
import { resolvConf } from './resolv-conf.ts';

/** Makes the container's own files of /etc on the host, and makes it known to its neighbours. */
export function etcActions(options: Options, endpoints: readonly Endpoint[]): Action[] {
  const { name, hostname, domainname, addHosts } = options;
  const etc = etcOf(name);
  const files = {
    hosts: hostsFile(hostname, domainname, addHosts, endpoints, options.hostHosts),
    hostname: `${hostname}\n`,
    'resolv.conf': resolvConf(options.hostResolvConf, options),
  };
  return [
    {
      what: 'what it finds in its /etc',
      when: 'before',
      do: [mkdirp(etc), ...Object.entries(files).map(([file, text]) => newFile({ path: `${etc}/${file}`, text }))],
      undo: [removeDirectory(etc), rmdirIfEmpty(dirname(etc))],
    },
    ...known({ etc }, endpoints),
  ];
}

/** What makes it known to those on its networks, and them to it. @param own - lines about itself that its files lack */
export function known(its: { readonly etc: string; readonly own?: string }, endpoints: readonly Endpoint[]): Action[] {
  const named = endpoints.filter(({ names }) => names.length > 0);
  if (named.length === 0 && !its.own) return [];
  const of = <T>(what: (one: Endpoint) => T) => Object.fromEntries(named.map((one) => [one.network.name, what(one)]));
  const hasLinks = named.some(({ links }) => links);
  const neighbour = {
    ...its,
    lines: of(neighbourLines),
    ...(hasLinks && { links: of(({ links = [] }) => links) }),
  };
  return [
    {
      what: 'its name for those on its networks, and theirs for it',
      when: 'before',
      do: [introduce(neighbour)],
      undo: [sayGoodbye(neighbour)],
    },
  ];
}
