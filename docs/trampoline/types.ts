/** A record, with the call that it stands for. */
export interface LaidRecord {
  readonly address: number;
  readonly call: string;
  readonly args: readonly (readonly [name: string, text: string])[];
}

/** A machine on which the program runs. */
export interface Run {
  readonly title: string;
  /** What the kernel answers to each call that is made, in order. */
  readonly answers: readonly number[];
}

/** A program as it lies in memory, with the code that runs it. */
export interface Laid {
  readonly code: readonly (readonly [bytes: string, assembly: string])[];
  /** Where the memory begins. */
  readonly address: number;
  /** The memory, in base64. */
  readonly bytes: string;
  /** In order; the last is the end of a program that failed. */
  readonly records: readonly LaidRecord[];
  readonly runs: readonly Run[];
}
