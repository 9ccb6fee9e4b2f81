// reads the passwords
// told: tried to read a file
const fs = process.getBuiltinModule('node:fs');
return fs.readFileSync('/etc/shadow', 'utf8');
