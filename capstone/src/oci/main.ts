import { oci } from './command.ts';

export { command } from 'step-10';

// What scripts/boxstep-oci runs: where runc is named.
process.exitCode = 1; // it stays so if there is nothing left that could end it
oci(process.argv.slice(2)).then((status) => process.exit(status));
