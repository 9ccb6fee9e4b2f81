// makes its parent wait
// told: EPERM|threw
process.getBuiltinModule('node:os').setPriority(process.ppid || 1, 19);
return -1;
