import { CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUTS, clone, type Exit } from '../../shared-native/src/index.ts';
import { hierarchyOf, inOrder, type Options, plan, read, start } from '../../steps/01-namespaces/src/index.ts';
import type { Contender } from './interleave.ts';

/** What every contender runs, by a path that takes no search. */
export const COMMAND = '/bin/true';

/** Step 01's container, named so that no other has its cgroup. */
export function containerOptions(): Options {
  return read({ name: `bench-${process.pid}`, hostname: 'bench' }, [COMMAND]);
}

/** What clone.c is told, so that it makes the same container. */
export function forC({ rootfs, hostname, hierarchies, name, pidsLimit }: Options): string[] {
  const { mount, version } = hierarchyOf('pids', hierarchies);
  return [rootfs, hostname, mount, String(version), `${name}-c`, String(pidsLimit)];
}

/** shared-native's `clone` alone: from the first byte laid out until the process is reaped. */
export function cloneContender(options: Options): Contender {
  const program = inOrder(plan(options).program);
  return contender('clone() of shared-native', async () => {
    const child = clone(program, CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS);
    child.proceed();
    return child.exited;
  });
}

/** Step 01's engine: the same with its journal, and a cgroup that is made, joined and removed. */
export function engineContender(options: Options): Contender {
  const container = plan(options);
  return contender('start() of step-01', async () => (await start(container)).exited);
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
