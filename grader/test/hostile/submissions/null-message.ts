// answers with null
// told: can't be read
const fs = process.getBuiltinModule('node:fs');
fs.writeSync(4, '[null]\n');
for (;;) {}
