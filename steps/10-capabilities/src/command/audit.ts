import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { type Container, put, type Subcommand, say } from 'step-09';
import type { Audit } from '../audit/audit.ts';

/** `audit`: what a running container of any step could do, from what the kernel says of its first process. */
export const auditCommand: Subcommand = {
  name: 'audit',
  description: 'show what a running container can do: each wall, what it stops and what it lets through',
  positionals: [['<name>', 'the container']],
  needsRoot: true,
  failure: 1,
  options: (command: Command) => command.option('--json', 'as JSON, with the facts that it comes from'),
  async run({ json = false }: { readonly json?: boolean }, [name = '']) {
    const { asText, auditOf } = await import('../audit/audit.ts'); // most runs need none of its files
    const audit = auditOf(name.replace(/^\//, ''));
    put(json ? `${JSON.stringify(audit, null, 2)}\n` : asText(audit));
    return 0;
  },
};

const STDERR = 2;

/** `run --audit`: the same as soon as the container's first process is the command. */
export async function auditAtStart({ name, exited }: Container): Promise<void> {
  const { asText, auditOf } = await import('../audit/audit.ts');
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  let audit: Audit | undefined;
  while (!ended && !audit) {
    try {
      audit = auditOf(name);
    } catch {
      await sleep(1); // it isn't the command yet, or is ending
    }
  }
  if (audit) put(asText(audit), STDERR);
  else say(`${name} ended before it could be looked at: give it a command that takes longer, such as sleep 1`);
}
