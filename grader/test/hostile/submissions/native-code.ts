// loads koffi, to call the kernel
// told: tried to (?:load native code|read a file)
const module = { exports: {} };
process.dlopen(module, '@ROOT/node_modules/.pnpm/koffi/koffi.node');
