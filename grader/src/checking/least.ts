/** How many wrong solutions, and how many right ones that are spelled in another way, each task must have. */
export interface Least {
  readonly impostors: number;
  readonly alternatives: number;
}

/** What `homework check` wants unless it is told otherwise. */
export const LEAST: Least = { impostors: 3, alternatives: 0 };
