import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { containerPath } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';

/** How a container says it is, by the checks that were made since it was started. */
export interface Health {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  /** How many checks in a row have failed. */
  readonly failingStreak: number;
  /** The last checks, the latest last. */
  readonly log: readonly Check[];
}

/** One check. */
export interface Check {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly exitCode: number;
  /** The beginning of what it wrote. */
  readonly output: string;
}

/** @returns undefined if nobody checks the container @throws {Error} that names the file, if it can't be read */
export function readHealth({ id, healthcheck }: Pick<BoxRecord, 'id' | 'healthcheck'>): Health | undefined {
  if (!healthcheck) return undefined;
  try {
    return JSON.parse(readFileSync(healthPath(id), 'utf8')) as Health;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${healthPath(id)} can't be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes it aside, and puts it in its place: a reader sees the old or the new. */
export function writeHealth(id: string, health: Health): void {
  writeFileSync(`${healthPath(id)}.new`, JSON.stringify(health), { mode: 0o600 });
  renameSync(`${healthPath(id)}.new`, healthPath(id));
}

/** Nobody checks it any more. */
export function forgetHealth(id: string): void {
  rmSync(healthPath(id), { force: true });
}

function healthPath(id: string): string {
  return `${containerPath(id)}/health.json`;
}
