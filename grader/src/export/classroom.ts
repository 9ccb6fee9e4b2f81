import { stringify } from 'yaml';
import type { Step } from '../step/step.ts';

/**
 * GitHub Classroom's workflow, as it writes it itself: a step for each task that passes or fails, and its reporter, which
 * adds the points up.
 *
 * @see https://github.com/classroom-resources/autograding-grading-reporter
 */
export function classroom({ tasks }: Step): string {
  const id = (task: number) => `task-${task}`;
  const graders = tasks.map(({ number, title, points }) => ({
    name: `task ${number}: ${title}`,
    id: id(number),
    uses: 'classroom-resources/autograding-command-grader@v1',
    with: {
      'test-name': `task ${number}: ${title}`,
      'setup-command': '',
      command: `npm run --silent passed ${number}`,
      timeout: 5,
      'max-score': points,
    },
  }));
  const results = tasks.map(({ number }) => [
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
              with: { runners: tasks.map(({ number }) => id(number)).join(',') },
            },
          ],
        },
      },
    },
    { lineWidth: 0 },
  );
}
