import type { Subcommand } from 'step-10';

/** `pause` and `unpause`: no process of the container runs, and none knows of it. */
export const pauseCommands: readonly Subcommand[] = [
  {
    name: 'pause',
    description: 'stop all processes of containers, which they can neither catch nor ignore',
    positionals: [['<container...>', 'their names or ids']],
    needsRoot: true,
    failure: 1,
    run: (_, names) => pauseAll(names, true),
  },
  {
    name: 'unpause',
    description: 'continue paused containers',
    positionals: [['<container...>', 'their names or ids']],
    needsRoot: true,
    failure: 1,
    run: (_, names) => pauseAll(names, false),
  },
];

async function pauseAll(names: readonly string[], frozen: boolean): Promise<number> {
  const { forEachNamed } = await import('./for-each.ts');
  const { find } = await import('../containers/find.ts');
  const { pause } = await import('../pause.ts');
  return forEachNamed(names, (called) => pause(find(called).id, frozen));
}
