import { defaultRootfsPath } from 'step-01';
import { hasTables } from './left.ts';
import type { Any } from './seeded.ts';

/** In the command line of every container of a storm. */
export const WORD = 'boxstep-capstone-storm';

/** What a container runs, and how it ends by itself. */
const SCRIPTS = [`: ${WORD}; sleep 1000 & wait`, `: ${WORD}; sleep 0.05; exit 3`, `: ${WORD}; exit 4`];

/** The exit statuses that a container of a storm can have: its script's, SIGKILL's, SIGTERM's, and that of one whose starter was killed. */
export const STATUSES = [0, 3, 4, 128, 137, 143];

/** What a container may have besides: each of these leaves something on the host that has to be undone. */
const FLAGS = [
  [],
  hasTables() ? ['--network', 'bridge', '-p', '80'] : [],
  ['-v', '/anonymous', '-v', 'boxstep-storm:/named', '--health-cmd', 'true'],
  ['--userns', 'auto'],
  ['-m', '64m', '--cpus', '1'],
  ['--health-cmd', 'true', '--health-interval', '50ms'],
  ['--tmpfs', '/tmp', '--init', '--health-cmd', 'false'],
];

/** Steps look after nobody's health. */
const FLAGS_OF_STEPS = FLAGS.filter((all) => !all.includes('--health-cmd'));

const RESTARTS = ['no', 'on-failure:1', 'always', 'unless-stopped'];

/** A command line on a name that others use, too. */
export function line(any: Any, names: readonly string[]): string[] {
  const name = any(names);
  const its = (flags = any(FLAGS), called = name) => {
    const network = flags.includes('--network') ? [] : ['--network', 'none'];
    return [...network, ...flags, '--name', called];
  };
  const what = (script = any(SCRIPTS)) => [defaultRootfsPath(), 'sh', '-c', script];
  // Step 10 undoes what was left before it starts its own.
  const step = () => ['10', 'run', ...its(any(FLAGS_OF_STEPS), `${name}-step`), ...what(SCRIPTS[1])];
  const run = () => ['run', '-d', '--restart', any(RESTARTS), ...its(), ...what()];
  return any([
    ...[run, run, run, run, run, run, run, run], // more often: the others need a container
    step,
    step,
    () => ['run', '-d', '--rm', ...its(), ...what()],
    () => ['run', '--rm', ...its(), ...what(SCRIPTS[1])],
    () => ['create', '--restart', any(RESTARTS), ...its(), ...what()],
    () => ['start', name],
    () => ['start', name],
    () => ['stop', '-t', '0', name],
    () => ['restart', '-t', '0', name],
    () => ['kill', name],
    () => ['rm', name],
    () => ['rm', '-f', '-v', name],
    () => ['rename', name, any(names)],
    () => ['exec', name, 'true'],
    () => ['logs', name],
    () => ['pause', name],
    () => ['unpause', name],
    () => ['update', '-m', '96m', '--memory-swap', '-1', name],
    () => ['update', '--restart', any(RESTARTS), name],
    () => ['inspect', name],
    () => ['ps', '-a'],
  ])();
}
