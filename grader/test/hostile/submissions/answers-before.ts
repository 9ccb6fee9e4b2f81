// whole file: answers before it is asked
// told: said (?:more than it was asked|something that it was not asked)|gave no answer that makes sense
const fs = process.getBuiltinModule('node:fs');
for (let i = 0; i < 100; i += 1) fs.writeSync(4, '[{"kind":1,"value":2},"returned",50000]\n');
export const quota = () => 1;
export const cpuWeight = quota;
export const swapAlone = quota;
