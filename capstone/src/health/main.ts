import { watchHealth } from './watch.ts';

// What checks a container as long as it runs: main.ts ID. It has no streams.
const [id = ''] = process.argv.slice(2);
watchHealth(id).then(
  () => process.exit(0),
  () => process.exit(1),
);
