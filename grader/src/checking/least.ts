/** How many wrong solutions, and how many right ones that are spelled in another way, each task must have at least. */
export interface Least {
  readonly impostors: number;
  readonly alternatives: number;
  /** How many of a hundred mutants of the reference must be noticed. */
  readonly killed: number;
}

/** What `homework check` wants unless it is told otherwise. */
export const LEAST: Least = { impostors: 6, alternatives: 3, killed: 95 };
