import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from '../marked.ts';
import type { System } from '../report.ts';
import type { Results } from '../results-reporter.ts';
import { GUESTS, type GuestName, obstacle } from './guests.ts';
import { CACHE, type Say } from './packages.ts';
import { runInGuest } from './run.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const MINUTE = 60_000;

/** What a guest runs. Node starts 6 times slower in user-mode Linux, and 20 times slower in qemu. */
interface Suite {
  readonly filters: readonly string[];
  /** By how much tests may take longer. */
  readonly slow: number;
  /** Milliseconds after which it hangs. */
  readonly timeout: number;
}

export const SUITES: Readonly<Record<GuestName, Suite>> = {
  // All that touches the kernel: containers, transcripts, and clone(2); but for what has the tag `once`, and what
  // vitest.config.ts keeps out of guests.
  uml: {
    filters: ['.e2e.test.ts', 'test/clone.test.ts', 'test/meeting.test.ts', '--tags-filter=!once'],
    slow: 10,
    timeout: 35 * MINUTE,
  },
  // A container of each step, and what the kernel of `uml` has not got: the tests of these files that have its tag.
  qemu: {
    filters: ['03-limits/test/bites.e2e', 'test/smoke.e2e', '--tags-filter=qemu'],
    slow: 30,
    timeout: 15 * MINUTE,
  },
};

const VITEST = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--no-isolate', '--no-file-parallelism'];

/** Runs a guest's tests in it, or those of a few files after a command, and shows what vitest says, each line marked as the guest's. */
export async function testInGuest(name: GuestName, filters: readonly string[] = [], before = 'true'): Promise<System> {
  const { title } = GUESTS[name];
  const say = (line: string) => console.log(`${name} | ${line}`);
  const why = obstacle() ?? (await whyUnprepared(name, say));
  if (why !== undefined) return { title, why };
  const out = join(CACHE, 'results', name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const chosen = filters.length > 0 ? filters : SUITES[name].filters;
  try {
    const status = await runInGuest(name, {
      words: ['sh', '-c', `${before} && exec "$@"`, 'sh', ...VITEST, ...chosen],
      cwd: REPOSITORY,
      env: environment(name),
      out,
      timeout: SUITES[name].timeout,
      stdout: marked(name),
      stderr: marked(name),
      say,
    });
    return { title, results: read(join(out, 'results.json'), status) };
  } catch (error) {
    const why = (error as Error).message;
    return { title, why, results: FAILED };
  }
}

/** A run that did not come to its end. */
export const FAILED: Results = { kernel: '-', cgroups: '-', tests: [], errors: 1 };

/** Why a guest can't be prepared: no network to fetch its packages by, or another distribution. */
async function whyUnprepared(name: GuestName, say: Say): Promise<string | undefined> {
  try {
    await GUESTS[name].prepare(say);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function environment(name: GuestName): Record<string, string> {
  return {
    PATH: `${join(REPOSITORY, 'node_modules/node/bin')}:${process.env.PATH}`,
    HOME: '/root',
    LANG: 'C.UTF-8',
    NODE_COMPILE_CACHE: join(REPOSITORY, 'node_modules/.cache/node-compile'),
    BOXSTEP_SYSTEM: name,
    BOXSTEP_SLOW: String(SUITES[name].slow),
    BOXSTEP_RESULTS: '/run/vm/results.json',
    ...(process.env.BOXSTEP_CACHE && { BOXSTEP_CACHE: process.env.BOXSTEP_CACHE }),
  };
}

function read(file: string, status: number): Results {
  try {
    const results: Results = JSON.parse(readFileSync(file, 'utf8'));
    const failed = results.tests.some(({ state }) => state === 'failed') || results.errors > 0;
    return status === 0 || failed ? results : { ...results, errors: 1 };
  } catch {
    throw new Error(`vitest ended with status ${status} before it could count`);
  }
}
