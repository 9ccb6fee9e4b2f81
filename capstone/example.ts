// #region a program with containers
import { create, logs, remove, STDERR, start, stateOf, wait } from 'boxstep';

// Runs a command in a container, shows what it writes, and says how it ended: example.ts IMAGE COMMAND…
const [image = '', ...command] = process.argv.slice(2);
const { id, name } = create({ image, command, flags: ['--memory', '64m', '--network', 'none', '--label', 'example'] });
try {
  const { record } = await start(id);
  console.log(`${name} is ${stateOf(record).status}`);
  for await (const { stream, bytes } of logs(id, { follow: true }))
    (stream === STDERR ? process.stderr : process.stdout).write(bytes);
  console.log(`it ended with ${await wait(id)}`);
} finally {
  await remove(id, { force: true });
}
// #endregion
