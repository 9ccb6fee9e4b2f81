// starts threads without end
// told: tried to start a thread
const { Worker } = process.getBuiltinModule('node:worker_threads');
for (;;) new Worker('for (;;) {}', { eval: true });
