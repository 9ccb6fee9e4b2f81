import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { REPOSITORY } from './boxstep.ts';

/** What ./boxstep needs of a clone, with one small step of a few files. */
export interface SmallClone {
  readonly folder: string;
  /** The cache file of its step. */
  readonly cache: string;
  /** Runs `./boxstep 1` with arguments, in its own environment. Never rejects. */
  boxstep(args?: readonly string[], options?: { cwd?: string; env?: NodeJS.ProcessEnv }): Promise<Outcome>;
  write(path: string, text: string): void;
}

/** What came of a command: all that it wrote, and its exit status. */
export interface Outcome {
  readonly all: string;
  readonly exitCode?: number | undefined;
}

const AS_A_USER = { reject: false, all: true, extendEnv: false, env: { PATH: process.env.PATH ?? '' } } as const;

const MAIN = `import { greeting } from './greeting.ts';
import { where } from './where.ts';
export const command = process.argv.slice(2).find((word) => !word.startsWith('--'));
if (process.argv[2] === 'fails') process.exit(125);
console.log(greeting(process.argv[2]), typeof require === 'function' ? 'from the cache' : 'from source');
if (process.argv[2] === 'where') console.log(JSON.stringify({ ...where, argv: process.argv.slice(1) }));
if (process.argv[2] === 'package') import('parcel').then(({ inside }) => console.log(inside()));
`;

const GREETING = `export interface Unused {
  readonly line: 2;
}

export function greeting(word: string): string {
  if (word === 'throw') throw new Error('thrown on line 6');
  return 'hello';
}
`;

const WHERE = 'export const where = { url: import.meta.url, dirname: import.meta.dirname, cwd: process.cwd() };\n';

/** Makes a clone that is removed when the test has finished. */
export function smallClone(): SmallClone {
  const folder = mkdtempSync(join(tmpdir(), `boxstep's (clone) "-`));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const part of ['boxstep', 'scripts/cold-start'])
    cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'node_modules/.boxstep-installed']) write(file, '');
  utimesSync(join(folder, 'node_modules/.boxstep-installed'), Date.now() / 1000 + 10, Date.now() / 1000 + 10); // newer than the lockfile
  for (const name of ['node', 'esbuild'])
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name));
  write('steps/01-small/package.json', '{ "type": "module" }');
  write('steps/01-small/src/main.ts', MAIN);
  write('steps/01-small/src/greeting.ts', GREETING);
  write('steps/01-small/src/where.ts', WHERE);
  write('node_modules/parcel/package.json', '{ "type": "module", "exports": "./parcel.js" }');
  write('node_modules/parcel/parcel.js', 'export const inside = () => "a parcel";\n');
  return {
    folder,
    cache: join(folder, 'node_modules/.cache/boxstep/steps+01-small+src+main.ts'),
    write,
    boxstep: (args = [], options = {}) => execa(join(folder, 'boxstep'), ['1', ...args], { ...AS_A_USER, ...options }),
  };
}

/** The commands after which a cache was written. */
export function wordsIn(cache: string): string[] {
  const [header = ''] = readFileSync(cache, 'latin1').split('\n');
  return JSON.parse(header).words;
}
