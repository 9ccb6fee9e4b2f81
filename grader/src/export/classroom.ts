import { stringify } from 'yaml';
import type { Step, Task } from '../step/step.ts';

/**
 * GitHub Classroom's workflow, as it writes it itself: a step for each task that passes or fails, and its reporter, which
 * adds the points up.
 *
 * @see https://github.com/classroom-resources/autograding-grading-reporter
 */
export function classroom({ tasks }: Step): string {
  const id = (number: string) => `task-${number.replace('.', '-')}`;
  const parts = tasks.flatMap(partsOf);
  const graders = parts.map(({ number, title, points }) => ({
    name: title,
    id: id(number),
    uses: 'classroom-resources/autograding-command-grader@v1',
    with: {
      'test-name': title,
      'setup-command': '',
      command: `npm run --silent passed ${number}`,
      timeout: 5,
      'max-score': points,
    },
  }));
  const results = parts.map(({ number }) => [
    `${id(number).toUpperCase()}_RESULTS`,
    `\${{steps.${id(number)}.outputs.result}}`,
  ]);
  return stringify(
    {
      name: 'Autograding Tests',
      on: ['push', 'repository_dispatch', 'workflow_dispatch'],
      permissions: { checks: 'write', actions: 'read', contents: 'read' },
      jobs: {
        'run-autograding-tests': {
          'runs-on': 'ubuntu-latest',
          if: "github.actor != 'github-classroom[bot]'",
          steps: [
            { name: 'Checkout code', uses: 'actions/checkout@v4' },
            { name: 'Node', uses: 'actions/setup-node@v4', with: { 'node-version': '22' } },
            { name: 'Install', run: 'npm run setup' },
            // Status 1 is that points are missing, which the steps below tell one by one.
            { name: 'Grade', run: 'npm run grade -- --out results || test $? -eq 1' },
            ...graders,
            {
              name: 'Autograding Reporter',
              uses: 'classroom-resources/autograding-grading-reporter@v1',
              env: Object.fromEntries(results),
              with: { runners: parts.map(({ number }) => id(number)).join(',') },
            },
          ],
        },
      },
    },
    { lineWidth: 0 },
  );
}

/** What passes or fails by itself: a task, or each of its groups, by the number that it has in results.json. */
function partsOf({ number, title, points, groups }: Task): { number: string; title: string; points: number }[] {
  const whole = { number: String(number), title: `task ${number}: ${title}`, points };
  if (groups.length === 0) return [whole];
  return groups.map(({ name, points }, at) => ({
    number: `${number}.${at + 1}`,
    title: `${whole.title}: ${name}`,
    points,
  }));
}
