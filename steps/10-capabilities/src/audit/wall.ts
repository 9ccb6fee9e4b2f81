/** What is to be said of a wall: it stands, it has a gap, it isn't there; or nobody can tell from outside. */
export type Verdict = 'stands' | 'gap' | 'missing' | 'not known';

/** One of the things that keep a container from the host. */
export interface Wall {
  readonly wall: string;
  readonly verdict: Verdict;
  /** What there is, in a line. */
  readonly is: string;
  readonly stops: string;
  /** What it doesn't stop: what it never does, or the gaps. */
  readonly leaves: readonly string[];
}
