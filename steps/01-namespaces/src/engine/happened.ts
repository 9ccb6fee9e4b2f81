/** Something that happened to what outlives a command: docker's `events` shows it. */
export interface Happening {
  readonly Type: 'container' | 'image' | 'network' | 'volume';
  /** What happened, in docker's words: `create`, `untag`. */
  readonly Action: string;
  /** What it happened to; empty if it is many things. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

let listener: ((happening: Happening) => void) | undefined;

/** Names the one that is told from now on. The steps have none: the capstone writes it down. */
export function whenSomethingHappens(told: (happening: Happening) => void): void {
  listener = told;
}

/** Tells that something has happened. @param happening - or what finds it out, which is done only if somebody is told */
export function happened(happening: Happening | (() => Happening)): void {
  listener?.(typeof happening === 'function' ? happening() : happening);
}
