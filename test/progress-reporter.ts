import { styleText } from 'node:util';
import { DefaultReporter, type TestCase, type TestModule, type TestSuite } from 'vitest/node';

/** One line for each test file when it's done, below it what failed, in full; on a terminal, also what is running now. */
export default class ProgressReporter extends DefaultReporter {
  protected override printTestModule(module: TestModule): void {
    const again = [...module.children.allTests('passed')].filter((test) => test.diagnostic()?.flaky);
    const failures = [module, ...module.children.allSuites(), ...module.children.allTests('failed'), ...again];
    this.log([line(module), ...failures.flatMap((one) => this.#stories(one, module))].join('\n')); // at once: no other process's line comes between
  }

  /** What no file is to blame for; the files have been told. */
  override reportSummary(_: unknown, errors: unknown[]): void {
    if (errors.length > 0) this.ctx.logger.printUnhandledErrors(errors);
  }

  #stories(failed: TestModule | TestSuite | TestCase, { project }: TestModule): string[] {
    const errors = failed.type === 'test' ? failed.result().errors : failed.errors();
    const name = failed.type === 'module' ? failed.relativeModuleId : failed.fullName;
    const passed = failed.type === 'test' && failed.ok() ? ' (passed the second time)' : '';
    const title = styleText(['red', 'bold'], `\n  ✗ ${name}${passed}`);
    const said = (failed.type === 'test' && failed.meta().said) || [];
    return (errors ?? []).map((error, nth) => {
      const { output } = this.ctx.logger.formatError(error, { project, showCodeFrame: true });
      const commands = said[nth] ? `\n\nIts commands said:\n${said[nth]}` : '';
      return `${title}\n${indented(output.trimEnd() + commands)}`;
    });
  }
}

function indented(text: string): string {
  return `${text.replaceAll(/^(?=.)/gm, '    ')}\n`;
}

/** `✓ steps/03-limits/test/bites.e2e.test.ts  25 passed, 1 skipped  15.1 s` */
function line(module: TestModule): string {
  const tests = [...module.children.allTests()].map((test) => test.result());
  const count = (state: string) => tests.filter((result) => result.state === state && !isUnchosen(result)).length;
  const counts = (['passed', 'failed', 'skipped'] as const).flatMap((state) =>
    count(state) > 0 ? [`${count(state)} ${state}`] : [],
  );
  const mark = module.ok() ? styleText('green', '✓') : styleText('red', '✗');
  const seconds = (module.diagnostic().duration / 1000).toFixed(1);
  return `${mark} ${module.relativeModuleId}  ${styleText('dim', `${counts.join(', ') || 'nothing to run'}  ${seconds} s`)}`;
}

/** By a filter: what is skipped for a reason says it. */
function isUnchosen(result: ReturnType<TestCase['result']>): boolean {
  return result.state === 'skipped' && result.note === undefined;
}
