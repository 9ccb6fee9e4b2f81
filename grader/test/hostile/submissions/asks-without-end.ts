// asks the reference for another function for ever
// told: did not (?:answer|end) in
const ask = (globalThis as Record<symbol, any>)[Symbol.for('boxstep.reference')];
for (;;) ask('src/sizes.ts', 'ramInBytes', ['1', '']);
