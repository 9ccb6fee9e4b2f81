import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processNumbered } from '../containers/state.ts';
import { cleanUpAfter } from './clean-up.ts';

// What a shim becomes at its container's end: main.ts ID TURN. It has no streams: what went wrong is in the container's
// record. TURN is the descriptor of the lock that lets one at a time clean up; one that waits lets others go before it.
const [id = '', turn = ''] = process.argv.slice(2);
const wait = (milliseconds: number) => {
  closeSync(Number(turn));
  return sleep(milliseconds);
};
cleanUpAfter(id, processNumbered(process.pid), wait).catch(() => {
  process.exitCode = 1;
});
