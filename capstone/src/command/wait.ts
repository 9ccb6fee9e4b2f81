import type { Subcommand } from 'step-10';

/** `wait`: until containers end. Prints their exit statuses. */
export const waitCommand: Subcommand = {
  name: 'wait',
  description: 'wait until containers have ended, and print their exit statuses',
  positionals: [['<container...>', 'their names or ids']],
  needsRoot: true,
  failure: 1,
  async run(_, names) {
    const { put, say } = await import('step-10');
    const { find } = await import('../containers/find.ts');
    const { ended } = await import('../wait.ts');
    let status = 0;
    for (const called of names) {
      try {
        put(`${await ended(find(called))}\n`);
      } catch (error) {
        say((error as Error).message);
        status = 1;
      }
    }
    return status;
  },
};
