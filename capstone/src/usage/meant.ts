import { commandLine, say } from 'step-10';
import { boxstep } from '../boxstep.ts';
import { withoutGlobals } from './globals.ts';
import { helpWords } from './help-words.ts';

/** The words that a command line comes to without docker's own flags and `help`; or the exit status, if nothing is left to do. */
export async function meant(typed: readonly string[]): Promise<readonly string[] | number> {
  const left = await withoutGlobals(typed, commandLine(boxstep));
  if (typeof left === 'number') return left;
  try {
    const words = helpWords(left.words, boxstep.commands);
    if (words[0] !== 'plan') return [...left.root, ...words];
    const { unpasted } = await import('./pasted.ts');
    const its = await unpasted(
      words,
      boxstep,
      boxstep.commands.map(({ name }) => name),
    );
    return typeof its === 'number' ? its : [...left.root, ...its];
  } catch (error) {
    say((error as Error).message);
    return 1;
  }
}
