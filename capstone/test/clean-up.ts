import { undo } from '../src/undo.ts';

// What the shim of a container without a record becomes at its end: node clean-up.ts NAME
const [name = ''] = process.argv.slice(2);
const errors = await undo({ id: name });
process.exitCode = errors.length > 0 ? 1 : 0;
