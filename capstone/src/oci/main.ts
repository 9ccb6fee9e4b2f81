import { oci } from './command.ts';

// What scripts/boxstep-oci runs: where runc is named.
process.exitCode = 1;
process.exit(await oci(process.argv.slice(2)));
