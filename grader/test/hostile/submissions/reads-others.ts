// reads what other students handed in
// told: tried to read a file
const fs = process.getBuiltinModule('node:fs');
return fs.readdirSync('@SUBMISSIONS');
