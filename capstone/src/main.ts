import { main } from 'step-10';
import { boxstep } from './boxstep.ts';

const [command, ...words] = process.argv.slice(2);
// The flags of the OCI runtime are runc's, and its --root another one than ours.
if (command === 'oci') import('./oci/command.ts').then(async ({ oci }) => process.exit(await oci(words)));
else main(boxstep);
