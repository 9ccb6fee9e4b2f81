import { cleanUp } from './clean-up.ts';

// What a shim becomes at its container's end. It has no streams, so it can only tell by its exit status.
const [name = ''] = process.argv.slice(2);
const errors = await cleanUp(name);
process.exitCode = errors.length > 0 ? 1 : 0;
