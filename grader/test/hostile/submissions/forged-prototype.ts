// answers with an object that has a prototype
// told: can't be read
const fs = process.getBuiltinModule('node:fs');
fs.writeSync(4, '[{"kind":1,"value":2},"returned",{"__proto__":3},{"asymmetricMatch":1}]\n');
for (;;) {}
