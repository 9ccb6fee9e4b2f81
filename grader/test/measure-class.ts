/**
 * How long a class takes besides the tests of the step, and how much memory: `node grader/test/measure-class.ts 3 3000 Canvas`.
 * Submissions are made, unpacked, read, given points by a stub, written to pages and files, and graded again.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRoster } from '../src/class/book/roster.ts';
import { gradeClass } from '../src/class/class.ts';
import { NO_RULES } from '../src/class/rules/class-file.ts';
import { readStep } from '../src/step/step.ts';
import { people, stub } from './class/made.ts';
import { FORMS } from './class/platforms.ts';

const [number = '3', count = '3000', platform = 'Canvas'] = process.argv.slice(2);
const step = readStep(Number(number));
const place = mkdtempSync(join(tmpdir(), 'boxstep-measure-'));
process.stderr.write = () => true; // the progress
for (const form of FORMS.filter(({ name }) => name === platform)) {
  const folder = join(place, form.name);
  const roster = readRoster(form.write(step, folder, people(step, Number(count))));
  const out = join(folder, 'out');
  for (const what of ['graded', 'again']) {
    const began = performance.now();
    const book = { roster, rules: NO_RULES, now: Date.now() };
    const { summary } = await gradeClass(step, join(folder, 'submissions'), { out, jobs: 2, book, grader: stub });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const size = (file: string) => `${file} ${(statSync(join(out, file)).size / 1024 ** 2).toFixed(1)} MB`;
    const most = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0;
    const files = [size('index.html'), size('grades.csv')].join(', ');
    console.log(
      `${form.name}, ${what}: ${summary?.entries.length} in ${seconds} s; at most ${Math.round(Number(most) / 1024)} MB; ${files}`,
    );
  }
}
rmSync(place, { recursive: true });
