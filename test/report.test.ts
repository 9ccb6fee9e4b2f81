import { describe, expect, test } from 'vitest';
import { broughtBy, knownNotToBe, type Need } from './needs.ts';
import { bites, faults, reasons, type System, skips, troubles, verdict } from './report.ts';
import type { Result } from './results-reporter.ts';

const system = (title: string, ...tests: Result[]): System => ({
  title,
  results: { kernel: '6.12', cgroups: 'v2', tests, errors: 0 },
});
const passed = (name: string): Result => ({ test: name, state: 'passed' });
const lacks = (name: string, ...missing: Need[]): Result => ({
  test: name,
  state: 'skipped',
  reason: `there is no ${missing.join(', ')}`,
  missing,
});

describe('a test that one system skips', () => {
  test('is no failure if it ran on another', () => {
    const systems = [system('here', lacks('a', 'v2')), system('guest', passed('a'))];
    expect(verdict(systems, [])).toEqual({ passed: 1, failed: 0, skipped: 0, unexpected: [] });
  });

  test('is unexpected if it ran nowhere, and skipped', () => {
    const systems = [system('here', lacks('a', 'nft')), system('guest', lacks('a', 'v1'))];
    expect(verdict(systems, [])).toMatchObject({ skipped: 1, unexpected: ['a'] });
  });

  test('is expected where the environment is known to lack what it needs', () => {
    const systems = [system('here', lacks('a', 'v1')), system('guest', lacks('a', 'v1'))];
    expect(verdict(systems, ['v1'])).toMatchObject({ skipped: 1, unexpected: [] });
    expect(verdict(systems, ['nft'])).toMatchObject({ unexpected: ['a'] });
  });

  test('is expected if another project’s run of it shows the same', () => {
    const elsewhere: Result = { test: 'a', state: 'skipped', reason: 'as root', isShownElsewhere: true };
    expect(verdict([system('here', elsewhere), system('guest')], [])).toMatchObject({ skipped: 1, unexpected: [] });
  });

  test('is unexpected if it names no need, or was chosen on no system', () => {
    const nameless: Result = { test: 'a', state: 'skipped', reason: 'felt like it' };
    expect(verdict([system('here', nameless)], ['v1'])).toMatchObject({ unexpected: ['a'] });
    expect(verdict([system('here', { test: 'a', state: 'unchosen' })], ['v1'])).toMatchObject({ unexpected: ['a'] });
  });
});

test('errors outside tests are failures, also those of a guest that did not boot', () => {
  const broken: System = {
    title: 'guest',
    why: 'no answer',
    results: { kernel: '-', cgroups: '-', tests: [], errors: 1 },
  };
  expect(verdict([system('here', passed('a')), broken], [])).toMatchObject({ passed: 1, failed: 1 });
  expect(troubles([broken, { title: 'other', why: 'no apt-get' }])).toEqual([
    'guest failed: no answer',
    "other can't be had here: no apt-get",
  ]);
});

test('the table of skips has a line a test and a column a system, and each reason once', () => {
  const here = system('here', passed('one'), lacks('two', 'v2'), lacks('three', 'v2'), passed('four'));
  const guest = system('guest', passed('two'), lacks('three', 'v2'), { test: 'four', state: 'unchosen' });
  expect(skips([here, guest])).toEqual([
    'here    guest   test',
    'no v2   ran     two',
    'no v2   no v2   three',
    'no v2: there is no v2',
    'ran: also if it failed; -: not among those chosen for that system',
  ]);
  expect(skips([system('here', passed('one'))])).toEqual(['No test was skipped.']);
});

test('what ran nowhere is told by its reason, the most frequent first, with what it lacks', () => {
  const here = system('here', lacks('one', 'tmux'), lacks('two', 'v2'), lacks('three', 'v2'), passed('four'));
  expect(reasons([here])).toEqual({
    lines: ['    2 tests: there is no v2', '    1 test: there is no tmux'],
    missing: ['tmux', 'v2'],
  });
  expect(reasons([here, system('guest', passed('two'), passed('three'))]).missing).toEqual(['tmux']);
});

test('one command brings what was lacking: packages first, if it is packages', () => {
  const sudo = process.geteuid?.() === 0 && !process.env.SUDO_UID ? '' : 'sudo ';
  expect(broughtBy(['v2', 'root'], 'npm test')).toBe(`${sudo}npm test`);
  expect(broughtBy(['v2', 'tmux'], 'npm test')).toBe(`${sudo}scripts/provision.sh --tests && ${sudo}npm test`);
});

test('what failed is named at the end, and what passed only the second time', () => {
  const flaky: Result = { ...passed('b'), flaw: 'it took too long\nat line 1' };
  expect(faults([system('here', passed('a'), flaky), system('guest', { test: 'a', state: 'failed' })])).toEqual([
    'failed (guest): a',
    'passed only the second time (here): b',
    '  at first: it took too long',
  ]);
});

test('the table of bites has what each system measured', () => {
  const measured = (figure: string): Result => ({ ...passed('a'), bite: { limit: '--cpus 0.5', measured: figure } });
  expect(bites([system('here', measured('0.49')), system('guest', measured('0.51')), system('slow')])).toEqual([
    'limit        here   guest   slow',
    'kernel       6.12   6.12    6.12',
    'cgroup       v2     v2      v2',
    '--cpus 0.5   0.49   0.51    -',
  ]);
});

test('BOXSTEP_WITHOUT lists needs, and nothing else', () => {
  expect(knownNotToBe('v1, nft')).toEqual(['v1', 'nft']);
  expect(knownNotToBe('')).toEqual([]);
  expect(() => knownNotToBe('v3')).toThrow(/^Expected BOXSTEP_WITHOUT to list needs \(root, .*, v1, .*\), got "v3"$/);
});
