import { oci } from './command.ts';

/** The command that was carried out, whatever flags stand before it: what V8 compiled for it is kept under this name (scripts/cold-start/boot.cjs). */
export let command = '';

// What scripts/boxstep-oci runs: where runc is named.
process.exitCode = 1; // it stays so if there is nothing left that could end it
oci(process.argv.slice(2), (name) => {
  command = name;
}).then((status) => process.exit(status));
