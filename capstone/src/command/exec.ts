import type { Subcommand } from 'step-10';

/** `exec`, which can be left: what it has begun goes on. @param before - step 10's */
export function execCommand(before: Subcommand): Subcommand {
  return {
    ...before,
    options: (command) =>
      (before.options?.(command) ?? command).option(
        '--detach-keys <keys>',
        'the keys that end this, and not the command (default: ctrl-p,ctrl-q)',
      ),
    run: async (flags, positionals) => (await import('./exec/exec.ts')).exec(flags, positionals),
  };
}
