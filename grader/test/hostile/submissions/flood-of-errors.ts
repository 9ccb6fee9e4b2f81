// prints errors without end
// told: did not end in
const fs = process.getBuiltinModule('node:fs');
for (;;) fs.writeSync(2, '\u001b[31m'.repeat(5000));
