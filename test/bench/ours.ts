import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from './command.ts';
import { COMMAND } from './warm.ts';

export const REPOSITORY = join(import.meta.dirname, '../..');
const STEP = join(REPOSITORY, 'steps/01-namespaces');
const NODE = join(REPOSITORY, 'node_modules/node/bin/node');

/** Node with tsx, as ./boxstep starts it. */
export const NODE_TSX = [NODE, '--import', pathToFileURL(join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')).href];

/** Our command in the ways in which it can be typed, and what a Node that does nothing takes. */
export function ours(compileCache: string): Command[] {
  const run = ['run', COMMAND];
  const cached = { NODE_COMPILE_CACHE: compileCache };
  return [
    { name: './boxstep 1 run', argv: [join(REPOSITORY, 'boxstep'), '1', ...run] },
    { name: './boxstep 1 run, with a compile cache', argv: [join(REPOSITORY, 'boxstep'), '1', ...run], env: cached },
    { name: 'node main.ts run, without tsx', argv: [NODE, join(STEP, 'src/main.ts'), ...run] },
    { name: 'the same, with a compile cache', argv: [NODE, join(STEP, 'src/main.ts'), ...run], env: cached },
    { name: 'pnpm -C steps/01-namespaces start run', argv: ['pnpm', '-C', STEP, 'start', ...run] },
    { name: 'node -e 0 (does nothing)', argv: [NODE, '-e', '0'] },
    { name: 'node --import tsx -e 0 (does nothing)', argv: [...NODE_TSX, '-e', '0'] },
  ];
}
