import { commandLine, main, say } from 'step-10';
import { boxstep } from './boxstep.ts';
import { withoutGlobals } from './usage/globals.ts';
import { helpWords } from './usage/help-words.ts';

const [command, ...words] = process.argv.slice(2);
// The flags of the OCI runtime are runc's, and its --root another one than ours.
if (command === 'oci') import('./oci/command.ts').then(async ({ oci }) => process.exit(await oci(words)));
else begin(process.argv.slice(2)); // no await here: what is bundled for a quick start can't have it

async function begin(typed: readonly string[]): Promise<void> {
  const left = await withoutGlobals(typed, commandLine(boxstep));
  if (typeof left === 'number') {
    process.exitCode = left;
    return;
  }
  let words: readonly string[];
  try {
    words = helpWords(left, boxstep.commands);
  } catch (error) {
    say((error as Error).message);
    process.exitCode = 1;
    return;
  }
  main(boxstep, words);
}
