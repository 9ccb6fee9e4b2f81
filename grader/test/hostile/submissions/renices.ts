// makes its parent wait
// told: EPERM|thrown
process.getBuiltinModule('node:os').setPriority(process.ppid || 1, 19);
return -1;
