import { main } from 'step-10';
import { boxstep } from './boxstep.ts';
import { meant } from './usage/meant.ts';

export { command } from 'step-10';

const [first, ...words] = process.argv.slice(2);
// The flags of the OCI runtime are runc's, and its --root another one than ours.
if (first === 'oci') import('./oci/command.ts').then(async ({ oci }) => process.exit(await oci(words)));
else begin(process.argv.slice(2)); // no await here: what is bundled for a quick start can't have it

async function begin(typed: readonly string[]): Promise<void> {
  const words = await meant(typed);
  if (typeof words === 'number') process.exitCode = words;
  else main(boxstep, words);
}
