import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
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
import { type CProgram, startC } from './c-program.ts';
import type { Contender } from './interleave.ts';

/** What every contender runs, by a path that takes no search. */
export const COMMAND = '/bin/true';

/** Step 01's container, named so that no other has its cgroup. */
export function containerOptions(name = `bench-${process.pid}`): Options {
  return step01.read({ name, hostname: 'bench' }, [COMMAND]);
}

/** Containers of which each is measured beside a C program that makes its calls. */
export const PLANS: readonly { readonly title: string; plan(name: string): Plan }[] = [
  { title: "step 01's container", plan: (name) => step01.plan(containerOptions(name)) },
  {
    title: "step 04's container",
    plan: (name) => step04.plan(step04.read({ name, hostname: 'bench' }, [defaultRootfsPath(), COMMAND])),
  },
];

/** Those who start one container. */
export interface Heat {
  readonly title: string;
  /** The name of the one that they are compared with, who may be missing. */
  readonly comparedWith: string;
  readonly contenders: readonly Contender[];
}

const C_CALLS = 'C: the same calls';
const C_ALL = 'C: the same calls, cgroups and journal';

/**
 * Who starts a plan's container: its calls alone, and with what the host does around them.
 *
 * @param c - a C program that makes the same calls, if there is a compiler
 */
export function heats(title: string, plan: Plan, c: CProgram | undefined): Heat[] {
  const inC = (variant: Parameters<CProgram['contender']>[0], name: string) => (c ? [c.contender(variant, name)] : []);
  return [
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
}

/** A C program for a plan, which has a name of its own. @throws {Error} as startC does */
export function inC(directory: string, plan: (name: string) => Plan): CProgram {
  return startC(mkdtempSync(join(directory, 'c-')), plan(`bench-${process.pid}-c`));
}

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
function engineContender(plan: Plan): Contender {
  return contender('start() of step-01', async () => (await start(plan)).exited);
}

function contender(name: string, run: () => Promise<Exit>): Contender {
  return {
    name,
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
