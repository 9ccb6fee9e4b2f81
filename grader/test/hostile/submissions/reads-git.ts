// reads the history of the repository
// told: tried to read a file
const fs = process.getBuiltinModule('node:fs');
return fs.readdirSync('@ROOT/.git');
