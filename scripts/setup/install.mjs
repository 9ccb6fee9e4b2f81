import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { explain, explainNode } from './explain.mjs';
import { lock, taken, untilFree } from './lock.mjs';
import { misplaced, obstacle, thisMachine } from './machine.mjs';
import { findPnpm, runPnpm } from './pnpm.mjs';
import { showProgress } from './progress.mjs';
import { fingerprint, inputs, isInstalled, node, root, runnableSteps, stamp } from './workspace.mjs';

/** Makes node_modules what the lockfile says, if it isn't. @throws {Error} with what went wrong and what to do */
export async function install() {
  const wrong = misplaced(root);
  if (wrong) throw new Error(wrong);
  if (isInstalled()) return freshen();
  const problem = obstacle(thisMachine());
  if (problem) throw new Error(problem);
  const pnpm = findPnpm();
  while (!isInstalled() && (await attempt(pnpm)) === taken) {
    console.error('boxstep: another process is installing the packages; waiting for it …');
    untilFree();
    // Its stamp follows the end of its pnpm.
    await setTimeout(200);
  }
}

/** @returns {Promise<number>} 0, or `taken` if another process is at it. @throws {Error} if pnpm fails */
async function attempt(pnpm) {
  const prefix = lock();
  if (!prefix) return taken;
  const started = Date.now();
  const installing = fingerprint();
  const how = existsSync(stamp) ? 'the lockfile changed' : 'the first time takes about 20 s';
  const progress = showProgress(`boxstep: installing packages (${how}) …`);
  const { status, output } = await runPnpm(pnpm, prefix, progress);
  progress.end();
  if (status === taken) return taken;
  if (status !== 0) throw new Error(explain({ command: pnpm.command, status, output }));
  if (!existsSync(node)) throw new Error(`pnpm succeeded, but not with ${node}. Try: rm -rf node_modules, then again`);
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) throw new Error(explainNode(version.error?.message ?? version.stderr));
  leaveStamp(installing, pnpm);
  makeCaches(pnpm);
  console.error(`boxstep: packages installed in ${Math.ceil((Date.now() - started) / 1000)} s`);
  return 0;
}

function leaveStamp(fingerprint, { uid, gid }) {
  // Removed first: another user's stamp can't be written to, but it can be replaced in a folder of one's own.
  rmSync(stamp, { force: true });
  writeFileSync(stamp, `${fingerprint}\n`);
  if (uid !== undefined) chownSync(stamp, uid, gid);
}

/** What the capstone starts beside its command, when a container ends, or runs: several at a time may be the first. */
const BESIDE = ['clean-up', 'health', 'log/json-file'].map((name) => `capstone/src/${name}/main.ts`);

/** So that not even the first `./boxstep 1` has to make its own. If this fails, that tries again. */
function makeCaches({ uid, gid }) {
  const mains = [...runnableSteps().map((name) => `steps/${name}/src/main.ts`), 'capstone/src/main.ts', ...BESIDE];
  const there = mains.map((main) => join(root, main)).filter((main) => existsSync(main));
  spawnSync(node, ['--', join(root, 'scripts/cold-start/bundle.mjs'), ...there], { stdio: 'ignore', uid, gid });
}

/** ./boxstep only compares times, and git may have written the same lockfile anew. */
function freshen() {
  const changed = Math.max(...inputs.map((file) => statSync(file).mtimeMs));
  if (statSync(stamp).mtimeMs > changed) return;
  try {
    utimesSync(stamp, new Date(), new Date());
  } catch {
    // Another user's stamp: it stays, and ./boxstep asks here each time.
  }
}
