import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder that holds package.json. */
export const root = resolve(fileURLToPath(import.meta.url), '../../..');

/** Node 26, which the npm package `node` brings: the course needs a newer one than most machines have. */
export const node = join(root, 'node_modules/node/bin/node');

/** tsx's loader as a URL: `--import tsx` would look for it from the working directory. */
export const loader = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href;

/** Written after an install that worked; holds the fingerprint of what was installed. */
export const stamp = join(root, 'node_modules/.boxstep-installed');

/** What an install depends on. The lockfile names every package's dependencies, so package.json's add nothing. */
export const inputs = [join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml')];

/** One word for all that an install depends on. */
export function fingerprint() {
  const hash = createHash('sha256').update(process.arch);
  for (const file of inputs) {
    if (!existsSync(file)) throw new Error(`${file} is missing: git checkout ${basename(file)}`);
    hash.update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Whether the installed packages are those that the lockfile names. */
export function isInstalled() {
  if (!existsSync(node) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8').trim() === fingerprint();
}

/** The pnpm that package.json asks for, `12.21.0` say. */
export function pinnedPnpm() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config.pnpm;
}

/** The folder names of the steps that can be run, in their order. */
export function runnableSteps(steps = join(root, 'steps')) {
  const names = existsSync(steps) ? readdirSync(steps) : [];
  return names.filter((name) => /^\d\d-/.test(name) && existsSync(join(steps, name, 'src/main.ts'))).sort();
}

/** The folder name of the step with a number, as it is typed. @throws {Error} if there is no such step */
export function stepNamed(number, steps = join(root, 'steps')) {
  const all = runnableSteps(steps);
  const named = all.find((name) => Number.parseInt(name, 10) === Number(number));
  if (named) return named;
  const last = Number.parseInt(all.at(-1) ?? '0', 10);
  throw new Error(`Expected the number of a step, 1 to ${last}, got ${JSON.stringify(number)}. Type: npm start -- 7`);
}
