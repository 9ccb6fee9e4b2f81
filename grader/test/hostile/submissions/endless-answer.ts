// answers with a line that has no end
// told: said more than can be read
const fs = process.getBuiltinModule('node:fs');
for (;;) fs.writeSync(4, '['.repeat(100_000));
