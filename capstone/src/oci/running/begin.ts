import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { runHooks } from '../hooks.ts';
import { fifoIn } from '../plan.ts';
import { environment } from '../process/program.ts';
import { type Container, stateOf, statusOf } from '../state/container.ts';

/** Lets a container go on that waits. @throws {Error} in runc's words if it doesn't wait */
export async function startContainer(one: Container): Promise<void> {
  const status = statusOf(one);
  if (status === 'stopped') throw new Error('cannot start a container that has stopped');
  if (status !== 'created') throw new Error(`cannot start a container in the ${status} state`);
  const env = () => environment(one.config.process ?? {}, one.rootfs);
  await runHooks(one.config, 'startContainer', stateOf(one, 'created'), one.pid, env);
  const fifo = openSync(fifoIn(one.directory), constants.O_WRONLY | constants.O_NONBLOCK); // ENXIO: it has just ended
  writeSync(fifo, 'x');
  closeSync(fifo);
  rmSync(fifoIn(one.directory));
  await runHooks(one.config, 'poststart', stateOf(one, 'running'));
}
