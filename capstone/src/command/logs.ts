import type { Subcommand } from 'step-10';

/** `logs`: what a container has written. */
export const logsCommand: Subcommand = {
  name: 'logs',
  description: 'show what a container has written',
  positionals: [['<container>', 'its name or id']],
  needsRoot: true,
  failure: 1,
  options: (command) =>
    command
      .option('-f, --follow', 'go on until it ends')
      .option('-t, --timestamps', 'put the time before each line')
      .option('-n, --tail <number>', 'so many lines from the end', 'all')
      .option('--since <time>', 'what it wrote since then: a date (2026-01-02T13:23:37Z), or how long ago (42m)')
      .option('--until <time>', 'what it wrote before then')
      .option('--json', 'as lines of JSON, which docker’s driver json-file writes to a file')
      .option('--details', 'put before each line the labels and variables that --log-opt names'),
  run: async (flags, [called = '']) => (await import('./logs/logs.ts')).logs(flags, called),
};
