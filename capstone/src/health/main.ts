import { watchHealth } from './watch.ts';

/** Of whatever container: so what V8 has compiled is kept once (scripts/cold-start). */
export const command = 'health';

// What checks a container as long as it runs: main.ts ID. It has no streams.
const [id = ''] = process.argv.slice(2);
watchHealth(id).then(
  () => process.exit(0),
  () => process.exit(125),
);
