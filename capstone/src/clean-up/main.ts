import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStat } from 'step-10';
import { cleanUpAfter } from './clean-up.ts';

// What a shim becomes at its container's end: main.ts ID TURN. It has no streams: what went wrong is in the container's
// record. TURN is the descriptor of the lock that lets one at a time clean up; one that waits lets others go before it.
const [id = '', turn = ''] = process.argv.slice(2);
const started = processStat(process.pid)?.started ?? '';
const wait = (milliseconds: number) => {
  closeSync(Number(turn));
  return sleep(milliseconds);
};
cleanUpAfter(id, { pid: process.pid, started }, wait).catch(() => {
  process.exitCode = 1;
});
