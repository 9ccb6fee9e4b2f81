import type { Digest } from 'step-10';

/** Tells how far something is, in docker's words. */
export interface Progress {
  /** A line for all. */
  line(text: string): void;
  /**
   * What is happening to a layer.
   *
   * @param id - as `shortDigest` has it
   * @param status - `Downloading`, say
   */
  layer(id: string, status: string, part?: Part): void;
}

/** How much is done, in bytes. */
export interface Part {
  readonly done: number;
  readonly whole: number;
}

/** For those who want to see nothing. */
export const SILENT: Progress = { line: () => {}, layer: () => {} };

/** The 12 digits of a layer's digest that docker shows. */
export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
