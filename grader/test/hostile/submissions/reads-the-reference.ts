// reads the reference from disk
// told: tried to read a file
const fs = process.getBuiltinModule('node:fs');
return fs.readFileSync('@ROOT/steps/03-limits/src/cpus.ts', 'utf8');
