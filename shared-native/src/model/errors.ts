/** A call that can't be made in the model: it is malformed, or the model doesn't know it. Never the kernel's own answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** The kernel refuses: thrown where a call fails, and caught by `run`, which answers with it. */
export class Errno extends Error {
  override readonly name = 'Errno';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Fails the call that is being made: `fail('ENOENT')`. Nothing may have been changed yet. */
export function fail(code: string): never {
  throw new Errno(code);
}

/** What the kernel answers to something that is done: the name of an error, or nothing if it goes well. */
export function errorOf(doing: () => void): string | undefined {
  try {
    doing();
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return error.code;
    throw error;
  }
}

/** The call waits for something that only another process could do: a byte in a pipe, a lock. */
export class Waits extends Error {
  override readonly name = 'Waits';
}
