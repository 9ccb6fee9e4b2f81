import { join } from 'node:path';
import { BaseSequencer, createVitest, type Reporter, type TestSpecification, type Vitest } from 'vitest/node';
import { cleanUp } from '../isolation/clean-up.ts';
import type { Step } from '../step/step.ts';
import { ROOT } from '../step/workspace.ts';
import { seedOf } from '../submission/files.ts';
import { ownOf, setOf } from '../submission/own.ts';
import { handIn, route } from '../trusted/route.ts';
import { TAGS, tag } from './tags.ts';
import { type Grading, tasksOf, testFiles, type Work } from './work.ts';

/** Runs a step's tests once for each submission. The reporter hears how it goes. */
export async function run(step: Step, works: readonly Work[], reporter: Reporter, grading: Grading): Promise<void> {
  const { seconds = 10, signal } = grading;
  const vitest = await runner(step, works, reporter, grading);
  const tooLong = AbortSignal.timeout(works.length * step.tasks.length * (seconds + 20) * 1000);
  const stop = () => void vitest.cancelCurrentRun('keyboard-input');
  const end = AbortSignal.any(signal ? [signal, tooLong] : [tooLong]);
  end.addEventListener('abort', stop);
  try {
    await Promise.race([vitest.runTestSpecifications(runs(vitest, step, works)), stopped(end)]);
  } finally {
    end.removeEventListener('abort', stop);
    if (end.aborted) await cleanUp();
    await closed(vitest);
  }
}

async function runner(step: Step, works: readonly Work[], reporter: Reporter, { jobs = 2, seconds, seed }: Grading) {
  const handedIn = ({ files }: Work = NOTHING) => ({ own: ownOf(step, files), seed: seed ?? seedOf(files) });
  const restore = keepSignals();
  const vitest = await createVitest(
    'test',
    { root: ROOT, config: false, watch: false },
    {
      plugins: [route(step.directory), handIn((work) => handedIn(works[work]))],
      logLevel: 'error',
      test: {
        fsModuleCache: false, // it would keep sources as the plugin routes them, for every run of vitest
        pool: 'forks',
        maxWorkers: jobs,
        fileParallelism: jobs > 1,
        isolate: false,
        sequence: { sequencer: InOrder },
        reporters: [reporter],
        setupFiles: [join(import.meta.dirname, '../trusted/setup.ts')],
        include: testFiles(step.directory, step.tasks),
        tags: TAGS,
        testTimeout: 120_000,
        provide: { submission: setOf(step, seconds) },
      },
    },
  );
  restore();
  return vitest;
}

const NOTHING: Work = { name: '', files: new Map() };

/** The test files that hold tests of a submission's tasks, with the tag of those alone: the rest of a file isn't run. */
function runs(vitest: Vitest, step: Step, works: readonly Work[]): TestSpecification[] {
  const project = vitest.getRootProject();
  return works.flatMap((work, index) => {
    const tasks = tasksOf(step, work);
    const options = { testTagsFilter: [tasks.map(({ number }) => tag(number)).join(' or ')] };
    return testFiles(step.directory, tasks).map((file) =>
      project.createSpecification(`${file}?work=${index}`, options),
    );
  });
}

/** vitest would end the process at SIGINT and SIGTERM, before anything is reported: its handlers go as they come. */
function keepSignals(): () => void {
  const drop = (event: string | symbol, listener: () => void) => {
    if (event === 'SIGINT' || event === 'SIGTERM') queueMicrotask(() => process.off(event, listener));
  };
  process.on('newListener', drop);
  return () => void process.off('newListener', drop);
}

/** Settles a while after the signal: a test that waits for a student's code goes on until its time is over. */
function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 1000).unref()));
}

async function closed(vitest: Vitest): Promise<void> {
  await Promise.race([vitest.close(), new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
}

/** One submission after the other, so that the first are done soon. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}
