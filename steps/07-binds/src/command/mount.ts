import { type Call, clone, PR_SET_DUMPABLE, perform, prctl } from 'shared-native';
import { explainer, type Running, runningContainer, type Subcommand, say } from 'step-06';
import { hostPath } from '../flags/host-path.ts';
import { kindOf, withSource } from '../flags/source.ts';
import { mountOf, targetOf } from '../flags/spec.ts';
import { mountInto, umountFrom } from '../hot-mount.ts';
import type { Bind } from '../mount.ts';
import { treeAt } from '../tree.ts';

const FLAGS = { needsRoot: true, failure: 1 } as const;
const EXPLAIN = ['--explain', 'print each call, its result, and what it does'] as const;

/** Changes the calls by which a process enters a container. */
type Way = (calls: Call[], container: Running) => Call[];

/**
 * `mount` and `umount`: what docker can't, a directory more or less in a container that runs.
 *
 * @param way - a later step's container may have more on the way into it
 */
export const mountCommands = (way: Way = (calls) => calls): Subcommand[] => [
  {
    ...FLAGS,
    name: 'mount',
    description: 'mount a file or directory into a running container',
    positionals: [
      ['<container>', 'its name'],
      ['<source>', "a path of the host's"],
      ['<target>', 'where it is to be seen'],
    ],
    options: (command) => command.option('--ro', 'nothing may be written there').option(...EXPLAIN),
    run({ ro, explain }, [name = '', source = '', target = '']) {
      const readOnly = ro ?? false;
      const bind = withSource(mountOf({ type: 'bind', source: hostPath(source), target, readOnly }) as Bind);
      return inside(name, explain, (one) =>
        way(mountInto(one, treeAt(bind.source, bind), bind.target, kindOf(bind, '')), one),
      );
    },
  },
  {
    ...FLAGS,
    name: 'umount',
    description: 'unmount a file or directory in a running container',
    positionals: [
      ['<container>', 'its name'],
      ['<target>', 'where it is mounted'],
    ],
    options: (command) => command.option('-l, --lazy', 'also if somebody uses it').option(...EXPLAIN),
    run: ({ lazy, explain }, [name = '', target = '']) =>
      inside(name, explain, (one) =>
        umountFrom(
          one,
          targetOf(target, (why) => new Error(why)),
          lazy ?? false,
        ),
      ),
  },
];

/** Makes calls in a process that goes into a container. @returns the exit status */
async function inside(name: string, explain: boolean, calls: (container: Running) => Call[]): Promise<number> {
  try {
    const child = clone(calls(runningContainer(name)));
    child.proceed();
    const { failure, made } = await child.exited;
    const narrator = explain ? explainer(() => {}) : undefined;
    for (const one of made) narrator?.made(one);
    if (failure) say(failure.message);
    return failure ? 1 : 0;
  } finally {
    perform(prctl(PR_SET_DUMPABLE, 1)); // the child shared this process's memory
  }
}
