import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** How a run of vitest went, and every test that it skipped, with the reason. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
}

/** Writes the counts of a run to the file that BOXSTEP_COUNTS names: `scripts/test.ts` adds them up. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env.BOXSTEP_COUNTS;
    if (!file) return;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const state = (wanted: string) => tests.filter((test) => test.result().state === wanted);
    const broken = modules.filter((module) => module.errors().length > 0);
    const counts: Counts = {
      passed: state('passed').length,
      failed: state('failed').length + broken.length,
      skipped: state('skipped').map((test) => {
        const result = test.result();
        return { test: test.fullName, reason: (result.state === 'skipped' && result.note) || 'no reason given' };
      }),
    };
    writeFileSync(file, JSON.stringify(counts));
  }
}
