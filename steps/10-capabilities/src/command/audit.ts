import type { Command } from 'commander';
import { put, runningContainer, type Subcommand } from 'step-09';
import { factsOf } from '../audit/facts.ts';
import { textsOf } from '../audit/process.ts';
import { report } from '../audit/report.ts';
import { wallsOf } from '../audit/walls.ts';

/** `audit`: what a running container of any step could do, from what the kernel says of its first process. */
export const auditCommand: Subcommand = {
  name: 'audit',
  description: 'show what a container that runs could do: each wall, what it stops and what it leaves',
  positionals: [['<name>', 'the container']],
  needsRoot: true,
  failure: 1,
  options: (command: Command) => command.option('--json', 'as JSON, with the facts that it comes from'),
  run({ json = false }: { readonly json?: boolean }, [typed = '']) {
    const { name, pid, step } = runningContainer(typed.replace(/^\//, ''));
    const facts = factsOf(textsOf(pid));
    const walls = wallsOf(facts);
    put(
      json
        ? `${JSON.stringify({ name, step, pid, facts, walls }, null, 2)}\n`
        : report(`${name}: process ${pid}, of ${step}`, walls),
    );
    return 0;
  },
};
