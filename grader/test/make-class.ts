/** A class to try the grader on: `node grader/test/make-class.ts 3 300 /tmp/class` writes it, and what must come out. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readStep } from '../src/step/step.ts';
import { writeMixed } from './mixed.ts';

const [step = '3', count = '300', directory = 'class'] = process.argv.slice(2);
const made = writeMixed(readStep(Number(step)), resolve(directory), Number(count));
const lines = made.map(
  ({ student, points }) =>
    `${student},${points.includes(undefined) ? 'fewer' : points.reduce<number>((a, b) => a + (b ?? 0), 0)}`,
);
writeFileSync(`${resolve(directory)}.expected.csv`, `${lines.sort().join('\n')}\n`);
