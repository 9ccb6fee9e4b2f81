import { Command } from 'commander';
import { commands } from './commands.ts';

const program = new Command('pnpm homework').description('Homework: get it, do it, have it graded.');
commands(program);
try {
  await program.parseAsync();
} catch (error) {
  console.error(`homework: ${(error as Error).message}`);
  process.exitCode = 2;
}
// What a run that was cut short has left behind would keep this process: its reports are written.
process.stdout.write('', () => process.exit());
