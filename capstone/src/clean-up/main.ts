import { cleanUpAfter } from './clean-up.ts';

// What a shim becomes at its container's end. It has no streams: what went wrong is in the container's record.
const [id = ''] = process.argv.slice(2);
cleanUpAfter(id).catch(() => {
  process.exitCode = 1;
});
