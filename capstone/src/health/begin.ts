import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { say } from 'step-10';
import { nodeArgv, ownEnvironment } from '../clean-up/command.ts';
import type { BoxRecord } from '../containers/record.ts';
import { forgetHealth, STARTING, writeHealth } from './state.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/**
 * Leaves a container that has just been started to a process that checks it: Node, some 50 MB, since there is no daemon that
 * could do it for all. A container without a healthcheck has none.
 */
export function beginHealth({ id, healthcheck }: BoxRecord): void {
  if (!healthcheck || healthcheck.Test?.[0] === 'NONE') {
    forgetHealth(id);
    return;
  }
  writeHealth(id, STARTING);
  const [node = '', ...args] = nodeArgv(MAIN, id);
  const checking = spawn(node, args, { detached: true, stdio: 'ignore', cwd: '/', env: ownEnvironment() });
  checking.once('error', ({ message }) => say(`its health can't be checked: ${message}`)); // no process can be made
  checking.unref();
}
