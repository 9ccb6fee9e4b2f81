import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { marksOf, openTo, plainBook } from '../../src/class/book.ts';
import { courseCsv, readPart, termsBy } from '../../src/class/course.ts';
import type { Row } from '../../src/class/row.ts';
import { readClassFile, rulesOf } from '../../src/class/rules/class-file.ts';
import { reportOf, writeClass } from '../../src/class/summary.ts';
import { readStep } from '../../src/step/step.ts';
import { write } from './made.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxstep-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const step = readStep(3);

function rules(text: string) {
  write(join(folder, 'class.yml'), text);
  return readClassFile(join(folder, 'class.yml'), step);
}

/** A submission whose tasks have so many of ten points. */
function row(student: string, scores: readonly number[], more: Partial<Row> = {}): Row {
  const tasks = scores.map((score, at) => {
    const groups = [
      { name: 'a', points: 4, score: Math.min(score, 4), state: 'passed' as const, passed: 1, tests: 1 },
      { name: 'b', points: 6, score: score - Math.min(score, 4), state: 'failed' as const, passed: 0, tests: 1 },
    ];
    const base = {
      number: at + 1,
      title: 't',
      most: 10,
      score,
      ungraded: 0,
      passed: 0,
      tests: 2,
      failed: [],
      printed: '',
    };
    return { ...base, groups: at === 0 ? groups : [], state: score === 10 ? ('passed' as const) : ('failed' as const) };
  });
  const base = { student, name: '', keys: [], step: step.name, version: 'v', files: student, note: '' };
  return { ...base, state: 'graded', score: 0, most: 0, tasks, ...more };
}

function marks(text: string, rows: readonly Row[], now = Date.parse('2027-01-01T00:00:00Z')) {
  return marksOf(step, rows, { ...plainBook(), rules: rules(text), now }).map(({ mark }) => mark);
}

const at = (text: string) => ({ time: Date.parse(text) });

describe('points', () => {
  test('of tasks and groups are weighed as class.yml says', () => {
    const text = 'steps:\n  3:\n    tasks:\n      1: { groups: { b: 16 } }\n      2: { points: 30 }\n';
    write(join(folder, 'x'), '');
    const [mark] = marksOf(step, [row('ann', [4, 5])], { ...plainBook(), rules: unchecked(text) }).map(
      (one) => one.mark,
    );
    expect(mark).toMatchObject({ score: 4 + 15, most: 20 + 30 });
  });

  test('of extra credit add to the score, and not to what can be reached', () => {
    const [mark] = marks('steps:\n  3:\n    tasks:\n      2: { extra: true }\n', [row('ann', [10, 10])]);
    expect(mark).toMatchObject({ score: 20, most: 10 });
  });

  test('fewer than the least are none, and that is told', () => {
    const [mark] = marks('steps:\n  3:\n    tasks:\n      2: { least: 60 % }\n', [row('ann', [10, 5])]);
    expect(mark).toMatchObject({ score: 10, applied: ['task 2: 5 of 10 points are fewer than 60 %, so none'] });
  });

  test('that suffice are said to', () => {
    const text = 'steps:\n  3: { passes: 50 % }\n';
    expect(marks(text, [row('ann', [10, 0]), row('ben', [9, 0])]).map(({ applied }) => applied)).toEqual([
      ['passed (50 %)'],
      ['not passed (50 %)'],
    ]);
  });
});

/** With groups that the step hasn't got. */
function unchecked(text: string) {
  const known = { ...step, tasks: step.tasks.map((task) => ({ ...task, groups: [{ name: 'b', points: 1 }] })) };
  write(join(folder, 'class.yml'), text);
  return readClassFile(join(folder, 'class.yml'), known);
}

describe('a deadline', () => {
  const text = (more = '') => `timezone: Europe/Vienna
late: { grace: 10 min, each: 1 day, costs: 20 %, most: 50 %, until: 7 days }
steps:
  3: { due: 2026-11-20 23:59 }
${more}`;

  test.each([
    ['2026-11-20T22:59:00Z', 20],
    ['2026-11-20T23:09:00Z', 20], // grace
    ['2026-11-20T23:09:01Z', 16],
    ['2026-11-21T23:09:00Z', 16],
    ['2026-11-22T23:00:00Z', 12],
    ['2026-11-25T00:00:00Z', 10], // 50 % at most
    ['2026-11-27T22:59:00Z', 10],
    ['2026-11-27T22:59:01Z', 0],
  ])('that is 22:59 UTC in Vienna’s winter: handed in at %s is worth %i of 20', (time, score) => {
    expect(marks(text(), [row('ann', [10, 10], at(time))])[0]?.score).toBe(score);
  });

  test('may be extended for one by name, whatever the case', () => {
    const more = 'extensions:\n  - { student: ANN, until: 2026-11-24 12:00, why: ill }\n';
    const [ann, ben] = marks(
      text(more),
      ['ann', 'ben'].map((who) => row(who, [10, 10], at('2026-11-24T10:00:00Z'))),
    );
    expect(ann).toMatchObject({ score: 20, applied: ['extended to 2026-11-24 12:00: ill'] });
    expect(ben?.applied).toEqual(['3 days 11 h late (2026-11-24 11:00): −10 (20 % for each day begun, 50 % at most)']);
  });

  test('that the platform says was missed costs once, where nobody knows by how much', () => {
    expect(marks(text(), [row('ann', [10, 10], { late: true })])[0]?.score).toBe(16);
  });

  test('that has not passed makes nobody missing', () => {
    const ann = { id: 'ann', name: 'Ann', keys: [], section: '' };
    const state = (now: string) =>
      marksOf(step, [], {
        ...{ ...plainBook(), roster: { people: [ann], files: [], wrong: [] } },
        ...{ rules: rules(text()), now: Date.parse(now) },
      })[0]?.mark.state;
    expect(['2026-11-20T22:58:00Z', '2026-11-20T23:00:00Z'].map(state)).toEqual(['open', 'missing']);
  });
});

describe('attempts', () => {
  const group = (keys: string) => [[{ kind: 'sid' as const, value: keys }]];
  const rows = [
    row('a', [10, 0], { ...at('2026-11-18T00:00:00Z'), keys: group('7') }),
    row('b', [0, 4], { ...at('2026-11-19T00:00:00Z'), keys: group('7') }),
  ];
  const ann = { id: 'ann', name: 'Ann', keys: [{ kind: 'sid' as const, value: '7' }], section: '' };
  const roster = { people: [ann], files: [], wrong: [] };

  test.each([
    ['last', 4, 'b'],
    ['best', 10, 'a'],
  ])('count by the %s of them', (attempts, score, student) => {
    const [entry] = marksOf(step, rows, { ...plainBook(), roster, rules: rules(`attempts: ${attempts}\n`) });
    expect(entry?.mark).toMatchObject({
      score,
      student,
      attempts: 2,
      applied: [`${attempts} of 2 attempts: ${student}`],
    });
  });

  test('of a group count for each of them', () => {
    const ben = { id: 'ben', name: 'Ben', keys: [{ kind: 'sid' as const, value: '8' }], section: '' };
    const both = row('c', [10, 10], { keys: [...group('7'), ...group('8')] });
    const entries = marksOf(step, [both], { ...plainBook(), roster: { ...roster, people: [ann, ben] } });
    expect(entries.map(({ mark }) => [mark.id, mark.score])).toEqual([
      ['ann', 20],
      ['ben', 20],
    ]);
  });

  test('are told to each in a page of their own, wherever their id would lead', () => {
    const out = join(folder, 'group');
    const odd = { id: '../eve', name: 'Eve', keys: [{ kind: 'sid' as const, value: '8' }], section: '' };
    const book = { ...plainBook(), roster: { ...roster, people: [ann, odd, { ...ann, id: 'none', keys: [] }] } };
    const both = row('c', [10, 10], { keys: [...group('7'), ...group('8')] });
    writeClass(out, step, [both], { step: step.name, version: 'v', shard: { index: 1, count: 1 }, roster: 'r' }, book);
    expect(readdirSync(join(out, 'reports')).sort()).toEqual(['..%2Feve.html', 'ann.html', 'none.html']);
    expect(readFileSync(reportOf(out, 'none'), 'utf8')).toContain('Nothing was handed in');
  });

  test('of somebody who isn’t in the roster are listed after it', () => {
    const entries = marksOf(step, [...rows, row('eve', [1, 1])], { ...plainBook(), roster });
    expect(entries.map(({ mark }) => [mark.id, mark.applied.at(-1)])[1]).toEqual(['eve', 'not in the roster']);
  });
});

test('a student whom class.yml names and the roster does not is told', () => {
  const rulesOfTypos = rules(`extensions:
  - { student: ann, until: 2026-11-24 }
  - { student: anm, until: 2026-11-24 }
  - { student: otto, step: 4, until: 2026-11-24 }
overrides:
  - { student: bem, step: 3, points: 1, by: J. Doe, why: a typo }
`);
  const people = [{ id: 'ann', name: 'Ann Lee', keys: [], section: '' }];
  const out = mkdtempSync(join(folder, 'typos-'));
  const manifest = { step: step.name, version: 'v', shard: { index: 1, count: 1 }, roster: 'r' };
  const summary = (book: object) =>
    writeClass(out, step, [], manifest, { ...plainBook(), rules: rulesOfTypos, ...book });
  expect(summary({ roster: { people, files: [], wrong: [] } }).notes).toEqual([
    'class.yml: extensions: nobody in the class is "anm"',
    'class.yml: overrides: nobody in the class is "bem"',
  ]);
  expect(summary({}).notes).toEqual([]); // without a roster, who knows?
});

test('a course is the steps by their weights; what is not due yet does not count', () => {
  const text = 'steps:\n  3: { weight: 3 }\n  4: { due: 2026-12-24 }\n';
  const parts = ([3, 4] as const).map((number) => {
    const one = readStep(number);
    write(join(folder, 'class.yml'), text);
    const read = readClassFile(join(folder, 'class.yml'), one);
    const out = join(folder, `course-${number}`);
    const people = ['ann', 'ben'].map((id) => {
      return { id, name: `=${id}`, keys: [{ kind: 'github' as const, value: id }], section: '' };
    });
    const rows =
      number === 3 ? [row('ann', [10, 5, 10, 10, 5]), row('ben', [0, 10, 0, 0, 0])] : [row('ann', [1, 2, 2, 5, 5])];
    const book = { ...plainBook(), rules: read, roster: { people, files: [], wrong: [] } };
    writeClass(out, one, rows, { step: one.name, version: 'v', shard: { index: 1, count: 1 }, roster: 'r' }, book);
    return readPart(out, () => termsBy(rulesOf(read, one), number, Date.parse('2026-12-01T00:00:00Z')));
  });
  const course = parse(courseCsv(parts), { columns: true }) as Record<string, string>[];
  expect(course.map((line) => Object.values(line).slice(2))).toEqual([
    ['80', '30', String((3 * 80 + 30) / 4)],
    ['20', '', '20'],
  ]);
  expect(Object.keys(course[0] ?? {}).slice(2)).toEqual(['step-03 (weight 3)', 'step-04 (weight 1)', 'total %']);
  expect(() => courseCsv([...parts, ...parts])).toThrow('step-03 is there twice');
});

test('a student whom a step does not list has 0 for it when it is due, and nothing before', () => {
  const read = rules('steps:\n  3: { due: 2026-12-24 }\nextensions:\n  - { student: ben, until: 2026-12-31 }\n');
  const totals = (now: string) => {
    const other = {
      weight: 1,
      step: 'step-02',
      marks: new Map(['ann', 'ben'].map((id) => [id, { name: id, percent: 80 }])),
      isOpenTo: () => false,
    };
    const empty = { step: 'step-03', marks: new Map(), ...termsBy(rulesOf(read, step), 3, Date.parse(now)) };
    const lines = parse(courseCsv([other, empty]), { columns: true }) as Record<string, string>[];
    return lines.map((line) => line['total %']);
  };
  expect(totals('2026-12-01T00:00:00Z')).toEqual(['80', '80']);
  expect(totals('2026-12-25T00:00:00Z')).toEqual(['40', '80']);
  expect(totals('2027-01-01T00:00:00Z')).toEqual(['40', '40']);
});

test.each(['0 min', '0 days'])('lateness can’t be counted in units of %s', (each) => {
  expect(() => rules(`late: { costs: 10 %, each: ${each} }`)).toThrow(
    'line 1: late.each: expected a length of time above 0, such as "1 day"',
  );
});

test('an override of a task changes the total by as much, and names who and why', () => {
  const text = 'overrides:\n  - { student: ann, step: 3, task: 2, points: 9, by: J. Doe, why: a typo }\n';
  expect(marks(text, [row('ann', [10, 5])])[0]).toMatchObject({
    score: 19,
    applied: ['task 2: 9 instead of 5, by J. Doe: a typo'],
  });
});

test('what is hidden until a time is shown from then on; solutions, when the last extension is over', () => {
  const text =
    'steps:\n  3:\n    due: 2026-11-20\n    tasks: { 2: { hidden: due }, 3: { hidden: 2026-11-22 12:00 }, 4: { hidden: published } }\n';
  const read = rules(`${text}extensions:\n  - { student: ann, until: 2026-11-21 }\n`);
  const open = (now: string) => openTo(step, rulesOf(read, step), Date.parse(now));
  const hidden = (now: string) => [1, 2, 3, 4].filter((task) => open(now).hidden(task) !== undefined);
  expect(hidden('2026-11-20T12:00:00Z')).toEqual([2, 3, 4]);
  expect(hidden('2026-11-21T12:00:00Z')).toEqual([3, 4]);
  expect(hidden('2026-11-22T12:00:00Z')).toEqual([4]);
  expect(open('2026-11-21T12:00:00Z').right).toEqual([]);
  expect(open('2026-11-22T12:00:00Z').right.length).toBeGreaterThan(3 * step.tasks.length - 1);
});

describe('a class.yml that is wrong names the line', () => {
  test.each([
    ['steps:\n  3:\n    due: soon\n', 'line 3: steps.3.due: expected a time such as "2026-11-20 23:59", got "soon"'],
    ['steps:\n  3:\n    due: 2026-02-30\n', 'line 3: steps.3.due: expected a time'],
    ['timezone: Wien\n', 'line 1: timezone: there is no time zone "Wien"'],
    ['late:\n  costs: ten\n', 'line 2: late.costs: expected points, or a share such as "10 %", got "ten"'],
    ['late:\n  costs: 5\n  each: 1 fortnight\n', 'line 3: late.each: expected a length of time'],
    ['steps:\n  3:\n    tasks:\n      9: { points: 3 }\n', 'line 4: steps.3.tasks.9: step-03 has no such task'],
    [
      'steps:\n  3:\n    tasks:\n      1:\n        groups: { nosuch: 3 }\n',
      'line 5: steps.3.tasks.1.groups.nosuch: task 1 has no such group',
    ],
    ['steps:\n  3:\n    dew: 2026-11-20\n', 'line 3: steps.3.dew: Unrecognized key: "dew"'],
    ['overrides:\n  - student: ann\n    step: 3\n    points: 3\n    why: so\n', 'line 2: overrides.0.by: '],
    ['a: [\n', 'line 2: '],
    ['attempts: worst\n', 'line 1: attempts: '],
  ])('%j', (text, message) => {
    expect(() => rules(text)).toThrow(message);
  });

  test('and all that is wrong, at once', () => {
    expect(() => rules('attempts: worst\ntimezone: Wien\n')).toThrow(/line 1.*\n.*line 2/);
  });
});
