import { readRecord } from '../../containers/record.ts';
import { ended } from '../../wait.ts';
import { convert } from './convert.ts';
import { locked } from './making.ts';

/** The lock that one has at a time. */
const LOCK = 3;

/** Of whatever container: so what V8 has compiled is kept once (scripts/cold-start). */
export const command = 'json-file';

// What makes lines of JSON of a container's log as long as it runs: main.ts ID. It has no streams.
const [id = ''] = process.argv.slice(2);

async function makeLines(): Promise<void> {
  const record = readRecord(id);
  if (!record) return;
  const end = ended(record);
  if (await locked(LOCK)) await convert(record, end);
}

makeLines().then(
  () => process.exit(0),
  () => process.exit(125), // its container is gone; or the disk is full, and the next command that looks at it goes on
);
