// imports the reference past the hooks
// told: tried to read a file|no such file|Cannot find
const { createRequire } = process.getBuiltinModule('node:module');
return createRequire('/')('@ROOT/node_modules/.pnpm/node_modules/step-03/src/cpus.ts').quota(1e9);
