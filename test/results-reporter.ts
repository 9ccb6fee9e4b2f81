import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { findHierarchies } from 'step-01';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Bite } from './bite.ts';
import type { Need } from './needs.ts';

/** How one test went on one system. */
export interface Result {
  /** File and full name: the same on every system. */
  readonly test: string;
  /** `unchosen`: it was not among those that were to run there. */
  readonly state: 'passed' | 'failed' | 'skipped' | 'unchosen';
  /** Why it was skipped. */
  readonly reason?: string;
  /** What it lacks, in the words of needs.ts. */
  readonly missing?: readonly Need[];
  readonly bite?: Bite;
  /** It shows nothing here that another project's run of it doesn't: no need is missing. */
  readonly isShownElsewhere?: boolean;
  /** It passed only when it was tried again: what went wrong the first time. */
  readonly flaw?: string;
}

/** How a run of vitest went on one system. */
export interface Results {
  /** Its release: `6.12.1`. */
  readonly kernel: string;
  /** The versions of cgroup that control something: `v2`. */
  readonly cgroups: string;
  readonly tests: readonly Result[];
  /** Files that could not be run, and errors outside any test. */
  readonly errors: number;
}

/** Writes how every test went to the file that BOXSTEP_RESULTS names: `test/report.ts` makes tables of it. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = process.env.BOXSTEP_RESULTS;
    if (!file) return;
    const results: Results = {
      ...thisSystem(),
      tests: modules.flatMap((module) => [...module.children.allTests()].map((test) => resultOf(test, module))),
      errors: unhandled.length + modules.filter((module) => module.errors().length > 0).length,
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(results));
  }
}

/** What the tests ran on. */
export function thisSystem(): Pick<Results, 'kernel' | 'cgroups'> {
  const controlling = findHierarchies().filter(({ controllers }) => controllers.length > 0);
  const versions = new Set(controlling.map(({ version }) => `v${version}`));
  return { kernel: release(), cgroups: [...versions].join(', ') || 'none' };
}

function resultOf(test: TestCase, module: TestModule): Result {
  const result = test.result();
  const { missing, bite, isShownElsewhere } = test.meta();
  const reason = result.state === 'skipped' ? result.note : undefined;
  const unchosen = result.state === 'pending' || (result.state === 'skipped' && reason === undefined);
  return {
    test: `${module.project.name === 'rootless' ? 'as a user: ' : ''}${module.relativeModuleId} > ${test.fullName}`,
    state: unchosen ? 'unchosen' : (result.state as 'passed' | 'failed' | 'skipped'),
    ...(reason !== undefined && { reason }),
    ...(missing && { missing }),
    ...(bite && { bite }),
    ...(isShownElsewhere && { isShownElsewhere }),
    ...(test.diagnostic()?.flaky && { flaw: result.errors?.[0]?.message ?? 'no error' }),
  };
}
