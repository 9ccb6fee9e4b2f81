import { join } from 'node:path';
import { styleText } from 'node:util';
import { ExecaError, execa } from 'execa';
import { defaultRootfs } from 'step-01';
import { ROOT } from '../test/readme/markdown.ts';
import { NAME, startServer } from './tour/server.ts';
import { STOPS, type Stop } from './tour/stops.ts';

// What `npm start` shows: each step does one thing in a container, and the capstone starts one that stays.

const BOXSTEP = join(ROOT, 'boxstep');

async function tour(): Promise<void> {
  if (process.geteuid?.() !== 0) throw new Error('the tour makes containers, which takes root: sudo npm start');
  const rootfs = await defaultRootfs((line) => console.error(`boxstep: ${line}`));
  const said: Promise<string>[] = [];
  for (const [nth, { step, says }] of STOPS.entries()) {
    say(`${String(step).padStart(2)}  ${says}`);
    for (const stop of STOPS.slice(said.length, nth + AT_ONCE)) said.push(ahead(shown(stop, rootfs)));
    console.log(`    ${await said[nth]}`);
  }
  say(' +  and a small Docker on top of them: a web server, detached');
  console.log(`    ${await startServer(BOXSTEP, rootfs)}, until you type: ./boxstep rm -f ${NAME}`);
  say('Next: lesson 1, in steps/01-namespaces/README.md, and ./boxstep 1 for a shell in its container;');
  say('      npm start -- 7 shows more of step 7');
}

/** While what one says is awaited, the next one already starts. */
const AT_ONCE = 2;

/** Something that is awaited later, and may fail before that. */
function ahead<T>(soon: Promise<T>): Promise<T> {
  soon.catch(() => {});
  return soon;
}

const say = (line: string) => console.log(styleText('bold', line, { stream: process.stdout }));

/** What the container of a step says. */
async function shown({ step, flags = [], script }: Stop, rootfs: string): Promise<string> {
  const network = step < 5 ? [] : ['--network', 'none']; // any other takes nftables
  const root = step === 1 ? [] : [rootfs];
  const { stdout } = await execa(BOXSTEP, [`${step}`, 'run', ...network, ...flags, ...root, 'sh', '-c', script]);
  return stdout;
}

tour().catch((error) => {
  console.error(error instanceof ExecaError ? `${error.stderr || error.shortMessage}` : `boxstep: ${error.message}`);
  process.exitCode = 1;
});
