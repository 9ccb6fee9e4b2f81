import type { Need } from './needs.ts';
import type { Result, Results } from './results-reporter.ts';

/** What ran where: a system is this machine, or a guest with another kernel. */
export interface System {
  readonly title: string;
  /** None if the system can't be had. */
  readonly results?: Results;
  /** Why it can't be had; with results, what went wrong with it. */
  readonly why?: string;
}

/** A test on each system, in their order; undefined where it was not chosen. */
interface Row {
  readonly test: string;
  readonly results: readonly (Result | undefined)[];
}

/** How all systems together did. */
export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** Tests that ran on no system. */
  readonly skipped: number;
  /** Those of them that lack something of which the environment never said that it has not got it. */
  readonly unexpected: readonly string[];
}

/** Adds up how the tests went. A test that ran on one system is no skip because another could not run it. */
export function verdict(systems: readonly System[], without: readonly Need[]): Verdict {
  const all = systems.flatMap(({ results }) => results?.tests ?? []);
  const errors = systems.map(({ results }) => results?.errors ?? 0).reduce((sum, one) => sum + one, 0);
  const nowhere = rows(systems).filter(({ results }) => !results.some(ran));
  const excused = (result: Result | undefined) =>
    result === undefined ||
    result.isShownElsewhere ||
    (result.missing ?? ['?']).some((need) => (without as string[]).includes(need));
  return {
    passed: all.filter(({ state }) => state === 'passed').length,
    failed: all.filter(({ state }) => state === 'failed').length + errors,
    skipped: nowhere.length,
    unexpected: nowhere
      .filter(({ results }) => results.every((one) => one === undefined) || !results.every(excused))
      .map(({ test }) => test),
  };
}

/** A table of every test that some system skipped, and what each system did with it. */
export function skips(systems: readonly System[]): string[] {
  const some = rows(systems).filter(
    ({ results }) => results.every((one) => !one) || results.some((one) => one?.reason),
  );
  if (some.length === 0) return ['No test was skipped.'];
  const cells = some.map(({ test, results }) => [...results.map(cell), test]);
  const reasons = some.flatMap(({ results }) =>
    results.flatMap((one) => (one?.reason ? [`${cell(one)}: ${one.reason}`] : [])),
  );
  return [
    ...columns([[...systems.map(({ title }) => title), 'test'], ...cells]),
    ...new Set(reasons),
    'ran: also if it failed; -: not among those chosen for that system',
  ];
}

/** Why tests ran on no system, most frequent first, and what they lacked. */
export function reasons(systems: readonly System[]): { lines: string[]; missing: Need[] } {
  const nowhere = rows(systems).filter(({ results }) => !results.some(ran));
  const skipped = nowhere.flatMap(({ results }) => results.find((one) => one?.reason) ?? []);
  const byReason = [...Map.groupBy(skipped, ({ reason }) => reason)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  return {
    lines: byReason.map(
      ([reason, { length }]) => `${`${length}`.padStart(5)} ${length === 1 ? 'test' : 'tests'}: ${reason}`,
    ),
    missing: [...new Set(skipped.flatMap(({ missing }) => missing ?? []))],
  };
}

/** A table of the limits that were seen to bite, with what was measured on each system in this run. */
export function bites(systems: readonly System[]): string[] {
  const found = rows(systems).filter(({ results }) => results.some((one) => one?.bite));
  const cells = found.map(({ results }) => [
    results.find((one) => one?.bite)?.bite?.limit ?? '',
    ...results.map((one) => one?.bite?.measured ?? '-'),
  ]);
  if (found.length === 0) return [];
  const head = ['limit', ...systems.map(({ title }) => title)];
  const kernels = ['kernel', ...systems.map(({ results }) => results?.kernel ?? '-')];
  const cgroups = ['cgroup', ...systems.map(({ results }) => results?.cgroups ?? '-')];
  return columns([head, kernels, cgroups, ...cells]);
}

/** What failed, by its name, and what passed only when it was tried again, with what went wrong at first. */
export function faults(systems: readonly System[]): string[] {
  const all = systems.flatMap(({ title, results }) => (results?.tests ?? []).map((result) => ({ title, ...result })));
  const failed = all.filter(({ state }) => state === 'failed').map(({ title, test }) => `failed (${title}): ${test}`);
  const again = all.flatMap(({ title, test, flaw }) =>
    flaw === undefined
      ? []
      : [`passed only the second time (${title}): ${test}`, `  at first: ${flaw.split('\n', 1)[0]}`],
  );
  return [...failed, ...again];
}

/** What is to be told of systems that did not do their part. */
export function troubles(systems: readonly System[]): string[] {
  return systems.flatMap(({ title, why, results }) =>
    why === undefined ? [] : [`${title} ${results ? 'failed' : "can't be had here"}: ${why}`],
  );
}

function rows(systems: readonly System[]): Row[] {
  const found = new Map<string, (Result | undefined)[]>();
  for (const [nth, { results }] of systems.entries()) {
    for (const result of results?.tests ?? []) {
      const row = found.get(result.test) ?? systems.map(() => undefined);
      found.set(result.test, row);
      if (result.state !== 'unchosen') row[nth] = result;
    }
  }
  return [...found].map(([test, results]) => ({ test, results }));
}

function ran(result: Result | undefined): boolean {
  return result?.state === 'passed' || result?.state === 'failed';
}

function cell(result: Result | undefined): string {
  if (result === undefined) return '-';
  if (ran(result)) return 'ran';
  return result.missing ? `no ${result.missing.join(', ')}` : 'skipped';
}

function columns(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, nth) => Math.max(...table.map((line) => line[nth]?.length ?? 0)));
  return table.map((line) =>
    line
      .map((word, nth) => word.padEnd(widths[nth] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
