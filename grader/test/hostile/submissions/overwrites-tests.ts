// overwrites the tests, the reporter and the report
// told: tried to write a file
const fs = process.getBuiltinModule('node:fs');
for (const path of ['@ROOT/steps/03-limits/test/parsers.test.ts', '@ROOT/grader/src/grade.ts', '@ROOT/homework/results.json']) {
  try {
    fs.writeFileSync(path, '');
  } catch {}
}
fs.writeFileSync('@ROOT/grader/src/wire/wire.ts', '');
