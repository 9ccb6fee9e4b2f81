/** Tells how far something is, in docker's words. */
export interface Progress {
  /** A line for all. */
  line(text: string): void;
  /**
   * What is happening to a layer.
   *
   * @param id - 12 digits
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
