// prints without end
// told: did not end in
const fs = process.getBuiltinModule('node:fs');
for (;;) {
  try {
    fs.writeSync(1, 'all tests passed '.repeat(1000));
  } catch {} // nobody reads as fast
}
