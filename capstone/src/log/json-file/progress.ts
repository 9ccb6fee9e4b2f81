import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from '../lines.ts';
import type { Position } from '../read.ts';
import { makingPath } from './place.ts';

/**
 * How far lines of JSON are made of a log. What is made from here on is always the same, so what has been written beyond it by
 * one that was killed can be told from what is missing.
 */
export interface Progress {
  /** Where in the log; at its beginning unless given. */
  readonly from?: Position;
  /** The lines that had begun there. */
  readonly begun: readonly Line[];
  /** How many lines were whole after that. */
  readonly lines: number;
  /** Where they end in the file of JSON: nowhere yet, unless given. */
  readonly written?: Position;
  /** What each line has besides, until this run ends. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** @returns undefined if nothing was made yet, or it can't be read */
export function readProgress(id: string): Progress | undefined {
  try {
    const { begun, ...progress }: Written = JSON.parse(readFileSync(fileOf(id), 'utf8'));
    return { ...progress, begun: begun.map(lineOf) };
  } catch {
    return undefined;
  }
}

/** Writes it aside, and puts it in its place. @throws {Error} ENOENT if the container is gone; ENOSPC */
export function writeProgress(id: string, progress: Progress): void {
  const path = fileOf(id);
  const written: Written = { ...progress, begun: progress.begun.map(writtenLine) };
  writeFileSync(`${path}.new`, JSON.stringify(written), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The same as JSON can have it. */
interface Written extends Omit<Progress, 'begun'> {
  readonly begun: readonly WrittenLine[];
}

interface WrittenLine extends Omit<Line, 'time' | 'bytes'> {
  readonly time: string;
  /** In base64. */
  readonly bytes: string;
}

function lineOf({ time, bytes, ...line }: WrittenLine): Line {
  return { ...line, time: BigInt(time), bytes: Buffer.from(bytes, 'base64') };
}

function writtenLine({ time, bytes, ...line }: Line): WrittenLine {
  return { ...line, time: String(time), bytes: Buffer.from(bytes).toString('base64') };
}

function fileOf(id: string): string {
  return join(makingPath(id), 'progress');
}
