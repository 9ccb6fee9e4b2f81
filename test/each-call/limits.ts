import { readFileSync } from 'node:fs';
import { AT_FDCWD, close, O_RDONLY, openat, read } from 'shared-native';
import { asParent, runIn, type State } from 'shared-native/model';
import type { Plan } from 'step-01';
import type { Shown } from './shown.ts';

/** What the cgroup files hold that a plan's deeds have written. */
export function realLimits(plan: Plan): Shown {
  return Object.fromEntries(written(plan).map((path) => [path, readFileSync(path, 'utf8').trim()]));
}

/** The same in a state. */
export function modelledLimits(plan: Plan, state: State): Shown {
  return Object.fromEntries(written(plan).map((path) => [path, contentOnHost(state, path).trim()]));
}

function written({ actions }: Plan): string[] {
  const deeds = actions.flatMap((action) => action.do);
  const paths = deeds.flatMap((deed) => (deed.deed === 'write' ? [deed.path] : []));
  return [...new Set(paths)].filter(
    (path) => /cgroup/.test(path) && !/(cgroup\.procs|subtree_control|devices\.\w+)$/.test(path),
  );
}

function contentOnHost(state: State, path: string): string {
  return asParent(state, () => {
    const file = openat(AT_FDCWD, path, O_RDONLY);
    const { answers } = runIn(state, [file, read(file, new Uint8Array(1000)), close(file)]);
    const [, one] = answers;
    return new TextDecoder().decode(one?.filled?.buf?.subarray(0, one.result));
  });
}
