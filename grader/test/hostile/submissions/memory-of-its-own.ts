// reads and writes its own memory by /proc
// told: tried to (?:read|write) a file
const fs = process.getBuiltinModule('node:fs');
return fs.openSync('/proc/self/mem', 'r+');
