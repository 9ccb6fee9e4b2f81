import { writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

// `./boxstep 4 run ROOTFS COMMAND`, taken apart: phases.ts starts it as that is started. What it prints is how long each
// part took.

const { bootstrapComplete } = performance.nodeTiming;
const phases: [name: string, milliseconds: number][] = [];
let last = 0;
mark('Node starts', bootstrapComplete);
mark('find the cache, and load it');
measure();

async function measure(): Promise<void> {
  const { Command } = await import('commander');
  mark('evaluate commander');
  await import('shared-native');
  mark('evaluate shared-native, load koffi');
  const { parents, prune, start, step } = await import('step-04');
  mark('evaluate the steps');

  const command = new Command().argument('[rootfs]').argument('[command...]').passThroughOptions();
  step.options(command).parse(process.argv.slice(2), { from: 'user' });
  mark('parse the flags');
  const wanted = step.read(command.opts(), command.args);
  mark('look at the machine');
  const options = await step.prepare(wanted, () => {});
  const plan = step.plan(options);
  mark('plan');
  await prune(parents(options.hierarchies));
  mark('prune');
  const container = await start(plan);
  mark('start: journal, cgroups, lay out, clone, join');
  const { status } = await container.exited;
  mark('the container runs, reap, undo');

  writeSync(1, JSON.stringify({ phases, end: performance.timeOrigin + last, origin: performance.timeOrigin }));
  process.exit(status ?? 1);
}

function mark(name: string, now = performance.now()): void {
  phases.push([name, now - last]);
  last = now;
}
