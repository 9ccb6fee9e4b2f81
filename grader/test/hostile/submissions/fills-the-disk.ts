// writes a file without end
// told: tried to write a file
const fs = process.getBuiltinModule('node:fs');
for (;;) fs.appendFileSync('/tmp/full', Buffer.alloc(1e7));
