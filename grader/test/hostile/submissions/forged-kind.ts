// answers that it has been opened
// told: gave no answer that makes sense
const fs = process.getBuiltinModule('node:fs');
fs.writeSync(4, '[{"kind":1},"opened"]\n');
for (;;) {}
