import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { containerPath, readState, Spoiled } from 'step-10';
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

/** What is known as long as there was no check. */
export const STARTING: Health = { status: 'starting', failingStreak: 0, log: [] };

/** @returns undefined if nobody checks the container. A file that says nothing is written anew by the next check. */
export function readHealth({ id, healthcheck }: Pick<BoxRecord, 'id' | 'healthcheck'>): Health | undefined {
  if (!healthcheck) return undefined;
  try {
    return readState<Health>(healthPath(id), { status: 'string', failingStreak: 'number', log: 'array' }, '');
  } catch (error) {
    if (error instanceof Spoiled) return STARTING;
    throw error;
  }
}

/** Writes it aside, and puts it in its place: a reader sees the old or the new. */
export function writeHealth(id: string, health: Health): void {
  writeFileSync(`${healthPath(id)}.new`, JSON.stringify(health), { mode: 0o600 });
  try {
    renameSync(`${healthPath(id)}.new`, healthPath(id));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    rmSync(healthPath(id), { recursive: true });
    writeHealth(id, health);
  }
}

/** Nobody checks it any more. */
export function forgetHealth(id: string): void {
  rmSync(healthPath(id), { force: true, recursive: true });
}

function healthPath(id: string): string {
  return `${containerPath(id)}/health.json`;
}
