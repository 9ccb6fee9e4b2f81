import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

// The command `1 run /bin/true`, taken apart: phases.ts starts it. What it prints is how long each part took.

const first = performance.now();
const { bootstrapComplete } = performance.nodeTiming;
const phases: [name: string, milliseconds: number][] = [
  ['Node starts', bootstrapComplete],
  ['tsx starts, and loads this file', first - bootstrapComplete],
];
let last = first;
const mark = (name: string) => {
  const now = performance.now();
  phases.push([name, now - last]);
  last = now;
};

const step01 = createRequire(new URL('../../steps/01-namespaces/package.json', import.meta.url));
const native = createRequire(new URL('../../shared-native/package.json', import.meta.url));
last = performance.now();
await import(new URL('index.js', `file://${native.resolve('koffi')}`).href); // as `import` finds it: package.json says so
mark('import koffi');
const { Command } = (await import(step01.resolve('commander'))) as {
  Command: new () => import('node:events') & Parser;
};
mark('import commander');
await import('../../shared-native/src/index.ts');
mark('import shared-native');
const { parents, prune, start, step } = await import('../../steps/01-namespaces/src/index.ts');
mark('import step-01');
await import('../../steps/01-namespaces/src/command/run.ts');
mark('import the run command');

const command = new Command().argument('[command...]').passThroughOptions();
step.options(command as never).parse(process.argv.slice(2), { from: 'user' });
mark('parse the flags');
const options = step.read(command.opts(), command.args);
mark('look for cgroups');
const plan = step.plan(options);
mark('plan');
await prune(parents(options.hierarchies));
mark('prune');
const container = await start(plan);
mark('start: journal, cgroup, lay out, clone');
const { status } = await container.exited;
mark('the container runs, reap, undo');

process.stdout.write(JSON.stringify({ phases, end: performance.timeOrigin + last, origin: performance.timeOrigin }));
process.exit(status ?? 1);

interface Parser {
  argument(name: string): this;
  passThroughOptions(): this;
  readonly args: string[];
  opts(): Record<string, string>;
}
