/** Grades and checks the step of this folder, and writes what came to standard output. */
import { check } from '../../src/check.ts';
import { withBody } from '../../src/checking/bodies.ts';
import { grade } from '../../src/grade.ts';
import { readStep } from '../../src/step/step.ts';

const step = readStep(1, import.meta.dirname);
const works = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const submissions = Object.entries(works).map(([name, body]) => ({
  name,
  files: withBody(step, { task: 1, body, imports: '' }),
}));
const grades = await grade(step, submissions);
const again = await grade(step, submissions, { seed: 'another' });
const checked = await check(step, { impostors: 2, alternatives: 1, killed: 100 });
process.stdout.write(JSON.stringify({ grades, again, checked }), () => process.exit(0));
