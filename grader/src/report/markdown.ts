import type { Grade, TaskGrade } from './grade.ts';
import { told } from './results.ts';
import { sum } from './terminal.ts';

const SIGNS = { passed: '✅', failed: '❌', 'not graded': '❔' };

/** A grade as Markdown, for GitHub's summary of a job. What a student's code said stands in code blocks. */
export function markdown(grade: Grade): string {
  const { score, most, ungraded } = sum(grade);
  const lost = ungraded > 0 ? `, ${ungraded} not graded` : '';
  return [
    `## ${grade.step.name}: ${score} of ${most} points${lost}`,
    '',
    '| task | | points | tests |',
    '| ---- | - | ------ | ----- |',
    ...grade.tasks.map(row),
    '',
    ...grade.tasks.filter(({ state }) => state !== 'passed').flatMap(details),
  ].join('\n');
}

function row({ task, state, score, passed, tests }: TaskGrade): string {
  return `| ${task.number}. ${task.title} | ${SIGNS[state]} | ${score} of ${task.points} | ${passed} of ${tests} |`;
}

function details(one: TaskGrade): string[] {
  const text = told(one).join('\n');
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const { number, title } = one.task;
  return [
    `<details><summary>task ${number}: ${title}</summary>`,
    '',
    `${fence}text`,
    text,
    fence,
    '',
    '</details>',
    '',
  ];
}
