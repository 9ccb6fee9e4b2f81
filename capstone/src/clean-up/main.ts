import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../containers/record.ts';
import { processNumbered } from '../containers/state.ts';
import { bringUpToDate } from '../log/json-file/making.ts';
import { cleanUpAfter } from './clean-up.ts';

/** Of whatever container: so what V8 has compiled is kept once (scripts/cold-start). */
export const command = 'clean-up';

// What a shim becomes at its container's end: main.ts ID TURN. It has no streams: what went wrong is in the container's
// record. TURN is the descriptor of the lock that lets one at a time clean up; one that waits lets others go before it.
const [id = '', turn = ''] = process.argv.slice(2);
let hasTurn = true;
const letGo = () => {
  if (hasTurn) closeSync(Number(turn));
  hasTurn = false;
};
const wait = (milliseconds: number) => {
  letGo();
  return sleep(milliseconds);
};

async function cleanUp(): Promise<void> {
  await cleanUpAfter(id, processNumbered(process.pid), wait);
  letGo();
  const record = readRecord(id);
  if (record) await bringUpToDate(record);
}

cleanUp().catch(() => {
  process.exitCode = 125; // as any command of ours that failed, of which nothing compiled is kept
});
