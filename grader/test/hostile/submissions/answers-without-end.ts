// floods the channel with answers
// told: said more than
const fs = process.getBuiltinModule('node:fs');
for (;;) fs.writeSync(4, '[{"kind":1,"value":2},"returned",50000]\n'.repeat(100));
