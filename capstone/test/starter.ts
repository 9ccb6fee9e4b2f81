import { fileURLToPath } from 'node:url';
import { extend, plan, read } from 'step-01';
import { startDetached } from '../src/detached.ts';
import { statusPath } from './status-path.ts';

// Starts a container of step 1, says who it is, and ends: node starter.ts NAME COMMAND…
// With STARTER_DIES it is killed while the container waits at its gate. LOG is the file of its log; MAX_SIZE, when that is full.
const [name = '', ...command] = process.argv.slice(2);
const kill = {
  what: 'its starter is killed',
  when: 'adopt' as const,
  do: [{ deed: 'run' as const, argv: ['sh', '-c', 'kill -KILL $PPID'] }],
  undo: [],
};
const { LOG: logPath, MAX_SIZE: maxSize } = process.env;
const logOptions = { bufferBytes: 4096, maxFile: 100, ...(maxSize && { maxSize: Number(maxSize) }) };
const container = plan(read({ name, hostname: name }, command));
const planned = process.env.STARTER_DIES ? extend(container, 'test', { actions: [kill] }) : container;
const argv = [process.execPath, fileURLToPath(new URL('./clean-up.ts', import.meta.url)), name];
try {
  const detached = await startDetached(
    planned,
    { argv, environment: [`BOXSTEP_ROOT=${process.env.BOXSTEP_ROOT}`] },
    { statusPath: statusPath(name), ...(logPath && { logPath, logOptions }) },
  );
  console.log(JSON.stringify(detached));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 125;
}
