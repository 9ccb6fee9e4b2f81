import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultRootfsPath } from '../../steps/01-namespaces/src/index.ts';
import type { Command } from './command.ts';
import { COMMAND } from './warm.ts';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const BOXSTEP = join(REPOSITORY, 'boxstep');
export const NODE = join(REPOSITORY, 'node_modules/node/bin/node');

/** A Node that does nothing: what ours is measured by. */
export const NOTHING: Command = { name: 'node -e 0', argv: [NODE, '-e', '0'] };

/** Node as ./boxstep starts it. @param main - a main.ts, then its arguments */
export function started(...main: string[]): string[] {
  const [, flags = ''] = /exec "\$node" (.*) -- /.exec(readFileSync(BOXSTEP, 'utf8')) ?? [];
  return [NODE, ...flags.split(' '), '--', join(REPOSITORY, 'scripts/cold-start/boot.cjs'), ...main];
}

/** Our command, of each step; and of the last one from its sources, without the cache. */
export function ours(): Command[] {
  const steps = globSync('steps/[0-9][0-9]-*/src/main.ts', { cwd: REPOSITORY }).sort();
  const commands = steps.map((_, index): Command => {
    const container = index === 0 ? [COMMAND] : [defaultRootfsPath(), COMMAND];
    return { name: `./boxstep ${index + 1} run`, argv: [BOXSTEP, `${index + 1}`, 'run', ...container] };
  });
  const last = commands.slice(-1).map((command) => {
    return { ...command, name: `${command.name}, from source`, env: { NODE_OPTIONS: '--no-warnings' } };
  });
  return [NOTHING, ...commands, ...last];
}
