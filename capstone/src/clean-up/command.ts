import { fileURLToPath } from 'node:url';

/** Node, as `./boxstep` starts it, so that it's there in 40 ms. */
const BOOT = fileURLToPath(new URL('../../../scripts/cold-start/boot.cjs', import.meta.url));
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const NODE = [process.execPath, '--no-rehash-snapshot', '--min-semi-space-size=8', '--'];

/** What a container's shim becomes at its end. */
export function cleanUpArgv(id: string): string[] {
  return nodeArgv(MAIN, id);
}

/** A program of ours, started as `./boxstep` starts it. */
export function nodeArgv(main: string, ...args: readonly string[]): string[] {
  return [...NODE, BOOT, main, ...args];
}

/** Whose containers it cleans up after, and where it finds what a restart needs. */
const VARIABLES = [
  ...['PATH', 'HOME', 'BOXSTEP_ROOT', 'BOXSTEP_CACHE', 'BOXSTEP_UID'],
  ...['XDG_RUNTIME_DIR', 'XDG_DATA_HOME', 'XDG_CACHE_HOME'],
];

/** What such a program has of this process's environment. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => VARIABLES.includes(name)));
}

/** The same as execve takes it. */
export function cleanUpEnvironment(): string[] {
  return Object.entries(ownEnvironment()).map(([name, value]) => `${name}=${value}`);
}
