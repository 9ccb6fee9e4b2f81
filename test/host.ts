import { execa } from 'execa';
import { afterAll, beforeEach } from 'vitest';
import { asAUser, asOrdinary, BOXSTEP, says, typed } from './boxstep.ts';
import { processesIn } from './processes.ts';

/** A host for a test's networks: a network namespace in which nothing is but lo, and what the test makes. */
export interface Host {
  /** Runs `./boxstep` there as a user types it. It never rejects. */
  boxstep(...args: string[]): ReturnType<typeof execa>;
  /** Runs a script there. @returns what it says on standard output and error. @throws {Error} if it fails */
  sh(script: string): Promise<string>;
  /** A second host, with a cable between the two: this is 10.99.0.1 there, and that 10.99.0.2. */
  neighbour(): Promise<Host>;
  /** The number of a process in it. */
  readonly pid: number;
  /** Ends it, with all programs in it, and its neighbours. */
  end(): Promise<void>;
}

/**
 * A host for a file of tests: made before the first that isn't skipped, so to be called below `beforeEach(needs(…))`; ended
 * after the last.
 *
 * @param prepare - gets the host, and makes there what the tests find
 */
export function withHost(prepare: (host: Host) => unknown): void {
  let host: Host | undefined;
  beforeEach(async () => {
    if (host) return;
    host = await newHost();
    await prepare(host);
  });
  afterAll(() => host?.end());
}

/** Makes a host. */
async function newHost(): Promise<Host> {
  const script = 'ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_forward; echo up; exec sleep infinity';
  const living = execa('unshare', ['--net', 'sh', '-c', script], { reject: false, all: true, stdin: 'ignore' });
  await says(living);
  const pid = living.pid as number;
  const neighbours: Host[] = [];
  const enter = [`--net=/proc/${pid}/ns/net`];
  const host: Host = {
    pid,
    boxstep(...args) {
      return execa('nsenter', [...enter, ...asOrdinary(), BOXSTEP, ...typed(args)], asRoot()) as never;
    },
    async sh(script) {
      const { all } = await execa('nsenter', [...enter, 'sh', '-ec', script], { ...asRoot(), reject: true });
      return all;
    },
    async neighbour() {
      const other = await newHost();
      neighbours.push(other);
      await host.sh(
        `ip link add out0 type veth peer name in0 netns ${other.pid}; ip addr add 10.99.0.1/24 dev out0; ip link set out0 up`,
      );
      await other.sh('ip addr add 10.99.0.2/24 dev in0; ip link set in0 up');
      return other;
    },
    async end() {
      for (const one of neighbours) await one.end();
      for (const one of processesIn('net', pid)) process.kill(one, 'SIGKILL');
      await living;
    },
  };
  return host;
}

/** Only root enters a network namespace. */
function asRoot() {
  const { uid, gid, ...options } = asAUser();
  return options;
}
