// answers with what is no message
// told: can't be read
const fs = process.getBuiltinModule('node:fs');
fs.writeSync(4, '\u0000\u0001{{\n');
for (;;) {}
