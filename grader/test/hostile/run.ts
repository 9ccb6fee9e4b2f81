/** Grades all attacks, as whoever runs this, and writes the reports to standard output. */
import { grade } from '../../src/grade.ts';
import { results } from '../../src/report/results.ts';
import { readStep } from '../../src/step.ts';
import { submissions } from './works.ts';

const step = readStep(3);
const only = process.argv[2];
const works = submissions(step).filter(({ name }) => only === undefined || name.includes(only));
const grades = await grade(step, works, { seconds: 2, jobs: 2 });
const told = grades.map((one) => ({
  name: one.name,
  isolation: one.isolation,
  results: results(one),
  tasks: one.tasks.map(({ task, state, score, story, reason, printed }) => ({
    ...{ task: task.number, state, score, reason, printed },
    cause: story?.cause,
    came: story?.came,
  })),
}));
process.stdout.write(JSON.stringify(told), () => process.exit());
