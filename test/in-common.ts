import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { defaultRootfsPath, journalNames, processStat, runningContainer, state } from 'step-01';
import type { Options } from 'step-10';

// Kills must not make two containers that run have something of which each has its own. What was killed leaves its things to be
// undone, and who undoes them could take them from a container that has the same by now.

/** A container that runs, what it has, and the process that keeps that for it. */
interface Living {
  readonly name: string;
  readonly pid: number;
  readonly keeper: number;
  readonly options: Partial<Options>;
  readonly has: readonly string[];
  readonly ids: readonly (readonly [first: number, count: number])[];
}

/** Looks, as long as `during` isn't settled, at what containers have in common, and which of them don't reach their gateway. */
export async function inCommonDuring(during: Promise<unknown>, milliseconds: number): Promise<string[]> {
  const found = new Set<string>();
  const over = new AbortController();
  const ended = during.finally(() => over.abort());
  ended.catch(() => {});
  while (!over.signal.aborted) {
    for (const one of await inCommon()) found.add(one);
    await sleep(milliseconds, undefined, { signal: over.signal }).catch(() => {});
  }
  await ended;
  return [...found];
}

/** What two containers that run have in common, a line each; and who doesn't reach its gateway. */
export async function inCommon(): Promise<string[]> {
  const all = living();
  const pairs = all.flatMap((one, nth) => all.slice(nth + 1).map((other) => [one, other] as const));
  const common = pairs.flatMap((pair) => {
    const things = shared(...pair);
    return things.length > 0 && pair.every(isKept) ? [`${pair.map(({ name }) => name).join(' and ')}: ${things}`] : [];
  });
  return [...common, ...(await Promise.all(all.map(cutOff))).flat()];
}

function shared(one: Living, other: Living): string[] {
  const overlap = one.ids.some(([first, count]) =>
    other.ids.some(([its, more]) => first < its + more && its < first + count),
  );
  return [...one.has.filter((thing) => other.has.includes(thing)), ...(overlap ? [`ids ${one.ids}`] : [])];
}

function living(): Living[] {
  return journalNames().flatMap((name) => {
    try {
      const { pid, options } = runningContainer(name) as { pid: number; options: Partial<Options> };
      const keeper = processStat(pid)?.parent ?? 0;
      return [{ name, pid, keeper, options, has: [...ofNetworks(options), ...cgroups(pid)], ids: ids(pid, options) }];
    } catch {
      return []; // it has ended, or isn't its command yet
    }
  });
}

function ofNetworks({ endpoints = [], ports = [] }: Partial<Options>): string[] {
  return [
    ...endpoints.flatMap(({ network, addresses, mac, veth }) => [
      ...addresses.map(({ address }) => `${address} in ${network.name}`),
      `${mac} in ${network.name}`,
      veth.name,
      `interface ${veth.index}`,
    ]),
    ...ports.map(({ hostPort, protocol }) => `port ${hostPort}/${protocol}`),
  ];
}

/** Those of its own: where no controller limits it, it is where everybody is. */
function cgroups(pid: number): string[] {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  return lines.filter((line) => line.includes(`${state().name}/`));
}

function ids(pid: number, { userns }: Partial<Options>): Living['ids'] {
  if (userns?.mode !== 'auto') return []; // others are to have the same
  const lines = readFileSync(`/proc/${pid}/uid_map`, 'utf8').trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).map(([, first = 0, count = 0]) => [first, count]);
}

/** Does it run on, and also who keeps what it has? When that has been killed, the container ends, too, a moment later. */
function isKept({ pid, keeper }: Living): boolean {
  const stat = processStat(pid);
  return stat !== undefined && !stat.ending && stat.parent === keeper && keeper > 1;
}

async function cutOff(one: Living): Promise<string[]> {
  const endpoints = one.options.endpoints ?? [];
  const answers = endpoints.flatMap(({ network, addresses: [first] }) =>
    first
      ? [reaches(one, first.gateway).then((isThere) => (isThere ? [] : [`${network.name} (${first.gateway})`]))]
      : [],
  );
  const lost = (await Promise.all(answers)).flat();
  return lost.length > 0 && isKept(one) ? [`${one.name} doesn't reach ${lost}`] : [];
}

async function reaches({ pid }: Living, gateway: string): Promise<boolean> {
  const busybox = join(defaultRootfsPath(), 'bin/busybox');
  const line = ['-t', String(pid), '-n', busybox, 'ping', '-c1', '-W9', gateway];
  return (await execa('nsenter', line, { reject: false })).exitCode === 0;
}
