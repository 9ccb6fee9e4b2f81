/** What a check found. The course runs without what is a `warning`; it can't run at all where one is `impossible`. */
export interface Result {
  status: 'ok' | 'warning' | 'impossible';
  /** What is there, in a few words. */
  found: string;
  /** What that means for the course. */
  meaning?: string;
  /** The command that mends it. */
  mend?: string;
}

/** One line of the doctor's report. */
export interface Check {
  name: string;
  run: () => Result | Promise<Result>;
}

export function ok(found: string): Result {
  return { status: 'ok', found };
}

export function warning(found: string, meaning: string, mend?: string): Result {
  return { status: 'warning', found, meaning, ...(mend !== undefined && { mend }) };
}

export function impossible(found: string, meaning: string, mend?: string): Result {
  return { status: 'impossible', found, meaning, ...(mend !== undefined && { mend }) };
}
