import { Command } from 'commander';
import { commands } from './commands.ts';

// Node's function that erases types is still called experimental, which is no student's concern.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') console.error(warning.stack);
});

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
