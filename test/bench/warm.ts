import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Command as CommandLine } from 'commander';
import { clone, type Exit } from '../../shared-native/src/index.ts';
import * as step01 from '../../steps/01-namespaces/src/index.ts';
import {
  cloneFlags,
  defaultRootfsPath,
  inOrder,
  type Options,
  type Plan,
  start,
} from '../../steps/01-namespaces/src/index.ts';
import * as step04 from '../../steps/04-environment/src/index.ts';
import { bringUp } from '../../steps/05-network/src/bridge.ts';
import { leasedEndpoints } from '../../steps/05-network/src/endpoints.ts';
import * as step05 from '../../steps/05-network/src/index.ts';
import * as step06 from '../../steps/06-ipc/src/index.ts';
import * as step07 from '../../steps/07-binds/src/index.ts';
import * as step08 from '../../steps/08-layers/src/index.ts';
import * as step10 from '../../steps/10-capabilities/src/index.ts';
import { type CProgram, startC } from './c-program.ts';
import { type Command, commandContender } from './command.ts';
import { all, cpuOf } from './cpu.ts';
import type { Contender } from './interleave.ts';

/** What every contender runs, by a path that takes no search. */
export const COMMAND = '/bin/true';

/** Step 01's container, named so that no other has its cgroup. */
export function containerOptions(name = `bench-${process.pid}`): Options {
  return step01.read({ name, hostname: 'bench' }, [COMMAND]);
}

/** A container that is measured. */
export interface Measured {
  readonly title: string;
  plan(name: string): Plan;
  /** What there must be before there can be a plan. */
  prepare?(name: string): Promise<void>;
  /** Descriptors of this process's that its calls name. */
  descriptors?(name: string): readonly number[];
  /** Its process can't make its calls without what the host does: there is no cable, or no /etc/hosts. */
  readonly needsHost?: boolean;
}

function networked(title: string, publish: readonly string[]): Measured {
  const ports = publish.flatMap(step05.parsePublish);
  return {
    title,
    plan: (name) => step05.plan({ ...step05.read({ name, hostname: 'bench' }, [defaultRootfsPath(), COMMAND]), ports }),
    needsHost: true,
  };
}

/** Options as a command line gives them. */
function typed(options: (command: CommandLine) => CommandLine, words: readonly string[]): Record<string, never> {
  return options(new CommandLine().exitOverride().helpOption(false)).parse(words, { from: 'user' }).opts();
}

/** Step 08's container, whose root is an overlay. */
const layered: Measured = {
  title: "step 08's container",
  plan(name) {
    const words = ['--name', name, '--hostname', 'bench', '--network', 'none'];
    return step08.plan(step08.read(typed(step08.options, words), [defaultRootfsPath(), COMMAND]));
  },
  needsHost: true,
};

/**
 * Step 10's container as it is by default: network, overlay, cgroups, user namespace, capabilities, filter, devices. Its ids are
 * leased once, and the user namespace is made once that its root's owners are mapped by.
 *
 * @param flags - that it has besides
 */
export function whole(title = "step 10's container", flags: readonly string[] = []): Measured {
  const prepared = new Map<string, step10.Options>();
  const of = (name: string) => prepared.get(name) as step10.Options;
  return {
    title,
    async prepare(name) {
      const wanted = step10.read(typed(step10.options, ['--name', name, '--hostname', 'bench', ...flags]), [
        defaultRootfsPath(),
        COMMAND,
      ]);
      prepared.set(name, await step10.step.prepare(wanted, console.log));
    },
    plan: (name) => step10.plan(of(name)),
    descriptors: (name) => (of(name).copied ? [] : [of(name).idmap]),
    needsHost: true,
  };
}

/** Step 07's container with binds in a tmpfs, so that the places to mount on go with it. */
function mounted(many: number): Measured {
  const flags = step07.options(new CommandLine().exitOverride().helpOption(false));
  const source = join(defaultRootfsPath(), 'etc');
  const volumes = Array.from({ length: many }, (_, nth) => ['-v', `${source}:/tmp/${nth}`]);
  return {
    title: `step 07's container with ${many === 1 ? 'a bind' : `${many} binds`}`,
    plan(name) {
      const words = ['--name', name, '--hostname', 'bench', '--network', 'none', '--tmpfs', '/tmp', ...volumes.flat()];
      const made = flags.parse(words, { from: 'user' }).opts();
      return step07.plan(step07.read(made, [defaultRootfsPath(), COMMAND]));
    },
    needsHost: true,
  };
}

/**
 * Puts somebody else on the network that the containers are on: none of them makes it, or takes it down, as on a host on
 * which one more container is started.
 *
 * @returns what leaves it again
 */
export async function onTheNetwork(): Promise<() => Promise<void>> {
  const { networks } = step05.read({}, [defaultRootfsPath(), COMMAND]);
  const actions = leasedEndpoints(`bench-neighbour-${process.pid}`, networks).map(bringUp);
  for (const deed of actions.flatMap((action) => action.do)) await step05.carryOut(deed);
  return async () => {
    for (const deed of actions.flatMap((action) => action.undo)) await step05.carryOut(deed);
  };
}

/** Containers of which each is measured beside a C program that makes its calls. */
export const PLANS: readonly Measured[] = [
  { title: "step 01's container", plan: (name) => step01.plan(containerOptions(name)) },
  {
    title: "step 04's container",
    plan: (name) => step04.plan(step04.read({ name, hostname: 'bench' }, [defaultRootfsPath(), COMMAND])),
  },
  networked("step 05's container", []),
  networked("step 05's container with a port", ['8080:80']),
  ...[1, 10, 200].map(mounted),
  layered,
];

/** Those who start one container. */
export interface Heat {
  readonly title: string;
  /** The name of the one that they are compared with, who may be missing. */
  readonly comparedWith: string;
  readonly contenders: readonly Contender[];
}

export const C_CALLS = 'C: the same calls';
const C_ALL = 'C: the same calls, cgroups and journal';

/**
 * Who starts a plan's container: its calls alone, and with what the host does around them.
 *
 * @param c - a C program that makes the same calls, if there is a compiler
 */
export function heats({ title, needsHost }: Measured, plan: Plan, c: CProgram | undefined): Heat[] {
  const inC = (variant: Parameters<CProgram['contender']>[0], name: string) => (c ? [c.contender(variant, name)] : []);
  const all = [
    {
      title: `warm: ${title}, its calls alone`,
      comparedWith: C_CALLS,
      contenders: [
        ...inC('clone', C_CALLS),
        ...inC('fork', 'C: the same calls, without CLONE_VM'),
        cloneContender(plan),
      ],
    },
    {
      title: `warm: ${title}, with cgroups and journal`,
      comparedWith: C_ALL,
      contenders: [...inC('journal', C_ALL), ...inC('host', 'C: the same calls and cgroups'), engineContender(plan)],
    },
  ];
  return needsHost ? all.slice(1) : all;
}

export const EXEC = "exec into step 04's container";

/** What `exec` starts in a container that runs. */
export function execPlan(name: string): Plan {
  return step06.execPlan({ ...step06.execOptions({}, name, [COMMAND]), pipes: [] });
}

/** Who starts a process in a container that runs, which has no journal. @param pid - the container's first process */
export function execHeat(plan: Plan, pid: number, c: CProgram | undefined): Heat {
  const comparedWith = 'C: the same calls and cgroups';
  return {
    title: `warm: ${EXEC}`,
    comparedWith,
    contenders: [
      ...(c ? [c.contender('host', comparedWith)] : []),
      engineContender(plan, true),
      commandContender(nsenter(pid)),
    ],
  };
}

/** util-linux's nsenter, which enters no cgroup. */
export function nsenter(pid: number): Command {
  return {
    name: 'nsenter, as a command',
    argv: [
      'nsenter',
      '--target',
      String(pid),
      ...['mount', 'uts', 'ipc', 'pid', 'cgroup'].map((one) => `--${one}`),
      COMMAND,
    ],
    packages: 'util-linux',
  };
}

/** A C program for a plan, which has a name of its own; undefined, and a word on standard error, if it can't be compiled. */
export function inC(
  directory: string,
  { plan, descriptors }: Pick<Measured, 'plan' | 'descriptors'>,
): CProgram | undefined {
  try {
    return startC(mkdtempSync(join(directory, 'c-')), plan(IN_C), descriptors?.(IN_C));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}

/** The container of the C program. */
export const IN_C = `bench-${process.pid}-c`;

/** shared-native's `clone` alone: from the first byte laid out until the process is reaped. */
function cloneContender({ program, namespaces }: Plan): Contender {
  const calls = inOrder(program);
  const flags = cloneFlags(namespaces);
  return contender('clone() of shared-native', async () => {
    const child = clone(calls, flags);
    child.proceed();
    return child.exited;
  });
}

/** The engine: the same with its journal, and cgroups that are made, joined and removed. */
function engineContender(plan: Plan, guest = false): Contender {
  return contender('start() of step-01', async () => (await start(plan, undefined, { guest })).exited);
}

/** Who starts a container again and again in this process. */
export function contender(name: string, run: () => Promise<Exit>): Contender {
  return {
    name,
    cpu: () => all(cpuOf('self')),
    async measure(times) {
      const taken: number[] = [];
      for (let i = 0; i < times; i++) {
        const begin = performance.now();
        const exit = await run();
        taken.push(performance.now() - begin);
        if (exit.failure) throw exit.failure;
        if (exit.status !== 0) throw new Error(`${COMMAND} ended with ${exit.signal ?? `status ${exit.status}`}`);
      }
      return taken;
    },
  };
}
