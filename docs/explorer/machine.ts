import { Command } from 'commander';
import type { Hierarchy, Plan, Step } from 'step-01';
import type { Limits } from 'step-03';
import type { Machine } from '../../steps/03-limits/src/flags/machine.ts';
import { withSwap } from '../../steps/03-limits/src/options.ts';
import { MACHINE, V1_ONLY, V2_ONLY } from '../../steps/03-limits/test/machines.ts';
import { plannedEndpoints } from '../../steps/05-network/src/endpoints.ts';
import type { Endpoint, Wanted } from '../../steps/05-network/src/network.ts';
import { defaultIn } from '../../steps/05-network/src/networks.ts';
import { from0, type Maps } from '../../steps/09-users/src/maps.ts';
import { CAPABILITIES } from '../../steps/10-capabilities/src/capabilities.ts';
import type { Kernel } from '../../steps/10-capabilities/src/kernel.ts';
import { FOR_ANYBODY } from '../../steps/10-capabilities/src/sysctls.ts';

/** Has a step's command a root filesystem as its first argument? */
export function takesRootfs(step: Step): boolean {
  return /rootfs|image/.test(step.positionals[0]?.[0] ?? '');
}

/** Does a step's command know a flag? */
export function hasFlag(step: Step, flag: string): boolean {
  return step.options(command()).options.some(({ long, short }) => flag === long || flag === short);
}

/**
 * The plan of a command line, read by the step's own parser, on a machine that is always the same.
 *
 * @throws {Error} if the step refuses the command line
 */
export function planOf(
  step: Step,
  rootfs: string,
  args: readonly string[],
  v1: boolean,
  words: readonly string[] = ['sh'],
): Plan {
  const flags = step
    .options(command())
    .parse(['--name', 'web', ...args], { from: 'user' })
    .opts();
  const options = step.read(flags, takesRootfs(step) ? [rootfs, ...words] : words);
  return step.plan({ ...options, ...facts(options, v1), rootfs });
}

/** A command as `main` makes it: -h is the hostname's. */
export function command(): Command {
  return new Command()
    .helpOption(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
}

/** The cgroups of the explorer's machine, of one kind or the other. */
export function hierarchiesOf(v1: boolean): readonly Hierarchy[] {
  return v1 ? V1_ONLY : V2_ONLY;
}

/** What `read` took from the machine that this runs on, as it is on the explorer's machine. A step's own go here, too. */
function facts(options: object, v1: boolean): object {
  const { limits, machine, tty, networks } = options as {
    limits?: Limits;
    machine?: Machine;
    tty?: object;
    networks?: readonly Wanted[];
  };
  return {
    hierarchies: hierarchiesOf(v1),
    ...('volumesDirectory' in options && { volumesDirectory: '/var/lib/boxstep/volumes' }),
    ...('kernel' in options && { kernel: KERNEL }),
    ...('maps' in options && { userns: { mode: 'auto', size: 65_536 }, maps: MAPS, copied: false }),
    ...('devicesRuled' in options && { devicesRuled: true }),
    ...('pipes' in options && { pipes: [] }), // as if typed at a terminal
    ...('directory' in options && { directory: '/var/lib/boxstep/containers/web' }),
    ...(machine && { machine: MACHINE }),
    ...(limits && { limits: withSwap(withoutSwap(limits), MACHINE) }),
    ...(tty && { tty: { rows: 24, columns: 80 } }),
    ...(networks && { hostResolvConf: 'nameserver 192.0.2.53\n', endpoints: endpointsOf('web', networks) }),
  };
}

/** The cable that a container has, unless it is to have none: always to the same bridge. */
function endpointsOf(container: string, networks: readonly Wanted[]): Endpoint[] {
  const veth = { name: 'veth1', index: 1001 };
  return plannedEndpoints(container, networks, defaultIn('172.17.0.0/16')).map((one) => ({ ...one, veth }));
}

function withoutSwap({ memorySwap, ...limits }: Limits): Limits {
  return limits;
}

/** Ids for the first container, on a machine whose /etc/subuid and /etc/subgid give `containers` some. */
export const MAPS: Maps = { uids: from0(100_000, 65_536), gids: from0(100_000, 65_536) };

/** A kernel as most machines have it; of what is masked, as much as shows how that is done. */
const KERNEL: Kernel = {
  arch: 'x86_64',
  kernel: '6.12.0',
  capabilities: CAPABILITIES,
  passable: CAPABILITIES,
  masked: [
    { path: '/proc/kcore', isDirectory: false },
    { path: '/proc/keys', isDirectory: false },
    { path: '/sys/firmware', isDirectory: true },
  ],
  readOnly: [
    { path: '/proc/sys', isDirectory: true },
    { path: '/proc/sysrq-trigger', isDirectory: false },
  ],
  sysctls: FOR_ANYBODY,
};
