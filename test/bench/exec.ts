import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Container,
  defaultRootfsPath,
  type Options,
  runningContainer,
  start,
} from '../../steps/01-namespaces/src/index.ts';
import * as step04 from '../../steps/04-environment/src/index.ts';
import type { Command } from './command.ts';
import { BOXSTEP, NOTHING } from './ours.ts';
import { asAccepted, makeBundle, remove } from './rivals.ts';
import { COMMAND, nsenter } from './warm.ts';

/** What runs until it is killed. */
export const SLEEP = ['/bin/sleep', '86400'];

/** Step 04's container, which waits for those who join it. */
export async function waiting(name: string): Promise<Container> {
  const options = step04.read({ name }, [defaultRootfsPath(), ...SLEEP]);
  const container = await start(step04.plan(options), undefined, { about: { step: 'step-04', options } });
  while (!isCommand(name)) await sleep(1);
  return container;
}

function isCommand(name: string): boolean {
  try {
    return runningContainer(name).name === name;
  } catch {
    return false;
  }
}

/** Commands that run something in a container that runs: ours, and others in containers of their own. */
export async function joiners(directory: string, options: Options, { name, pid }: Container) {
  const bundle = makeBundle(join(directory, 'bundle-exec'), options, SLEEP);
  const id = `boxstep-bench-exec-${process.pid}`;
  const tried = ['crun', 'run', '--bundle', makeBundle(join(directory, 'bundle-tried'), options), id];
  const crun = await asAccepted({ name: 'crun', argv: tried });
  const exec = (runtime: string): Command => ({
    name: `${runtime} exec`,
    argv: [runtime, 'exec', id, COMMAND],
    packages: runtime,
  });
  const run = (runtime: string): Command => ({
    name: runtime,
    argv: [runtime, 'run', '--detach', '--bundle', bundle, id],
  });
  quietly(run('runc'));
  quietly(crun(run('crun')));
  return {
    commands: [
      NOTHING,
      { name: './boxstep 6 exec', argv: [BOXSTEP, '6', 'exec', name, COMMAND] },
      nsenter(pid),
      exec('runc'),
      crun(exec('crun')),
    ] satisfies Command[],
    cleanUp: () => remove(id),
  };
}

/** Without pipes, which a container in the background would keep open. What fails is seen when it is joined. */
function quietly({ argv: [file = '', ...args] }: Command): void {
  spawnSync(file, args, { stdio: 'ignore' });
}
