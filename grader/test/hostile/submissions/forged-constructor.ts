// answers with an error of the class Function
// told: Function|can't be read|thrown
const fs = process.getBuiltinModule('node:fs');
fs.writeSync(4, '[{"kind":1,"error":2},"threw",["Error",3],{"name":4,"message":5},"constructor","return process"]\n');
for (;;) {}
