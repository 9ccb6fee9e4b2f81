import { join } from 'node:path';
import {
  type Action,
  allPorts,
  displayablePorts,
  etcOf,
  extend,
  holdHere,
  type Network,
  type Plan,
  plannedPorts,
  reservePorts,
} from 'step-08';
import type { Options } from '../options.ts';
import { endPasta, pastaLine, startPasta } from './pasta.ts';
import { type NetworkProgram, networkProgram } from './program.ts';
import { endSlirp, startSlirp } from './slirp.ts';

/**
 * Looks for what gives a container of an ordinary user's its network, and takes the ports of the host's that are to lead in. A
 * container that asked for no network has none where there is no such program, and is told why.
 *
 * @throws {Error} if it's to publish ports then; if somebody has one of them
 */
export function prepareNetwork(options: Options, say: (line: string) => void): Options {
  if (!options.usersNetwork) return options;
  const asked = allPorts(options);
  try {
    const networkBy = networkProgram();
    const ports = asked.length === 0 ? [] : reservePorts(asked, ANY, holdHere); // until the program that listens takes them
    const chosen = ports.filter((_, nth) => asked[nth]?.hostPort === undefined);
    if (chosen.length > 0)
      say(`published: ${displayablePorts(chosen.map((one) => ({ ...one, hostIp: one.hostIp || '0.0.0.0' })))}`);
    return { ...options, ports, publishAll: false, networkBy };
  } catch (error) {
    if (asked.length > 0) throw error;
    say(`this container has no network, as with --network none: ${(error as Error).message}`);
    return { ...options, networkBy: undefined };
  }
}

/** Whatever addresses the host has: a port leads in by IPv4 ones, unless one of IPv6 is named. */
const ANY: Network = {
  ...{ name: 'bridge', driver: 'bridge' as const, bridge: '', internal: false, created: '', options: {}, labels: {} },
  subnets: [{ cidr: '10.0.2.0/24', gateway: '10.0.2.2' }],
};

/** The same container with a way out, and its ports with a way in. */
export function withNetwork(plan: Plan, options: Options): Plan {
  const { networkBy, usersNetwork } = options;
  if (!usersNetwork || networkBy === undefined) return plan;
  const ports = plannedPorts(allPorts(options));
  return extend(plan, 'step-09', { actions: [connected(networkBy, etcOf(options.name), ports)] });
}

function connected(by: NetworkProgram, directory: string, ports: ReturnType<typeof plannedPorts>): Action {
  const what =
    'a network by a program of the user’s own: what comes out of the container, it sends as any program does';
  if (by === 'slirp4netns') {
    const socket = join(directory, 'slirp.sock');
    return { what, when: 'adopt', do: [startSlirp({ socket, ports })], undo: [endSlirp(socket)] };
  }
  const files = { namespace: join(directory, 'netns'), pid: join(directory, 'pasta.pid') };
  const argv = pastaLine(files.namespace, files.pid, ports);
  return { what, when: 'adopt', do: [startPasta({ files, argv })], undo: [endPasta(files)] };
}
