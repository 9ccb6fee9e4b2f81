import { create, logs, remove, STDERR, start, stateOf, wait } from 'boxstep';

// Runs a command in a container of a directory, shows what it writes, and says how it ended: example.ts DIRECTORY COMMAND…
const [image = '', ...command] = process.argv.slice(2);
const { id, name } = create({
  image,
  command,
  labels: { example: 'yes' },
  flags: { network: [{ network: 'none', aliases: [] }], memory: 64 * 1024 * 1024 },
});
try {
  const { record } = await start(id);
  console.log(`${name} is ${stateOf(record).status}`);
  for await (const { stream, bytes } of logs(id, { follow: true }))
    (stream === STDERR ? process.stderr : process.stdout).write(bytes);
  console.log(`it ended with ${await wait(id)}`);
} finally {
  await remove(id, { force: true });
}
