import { Misuse } from 'step-10';

/** Reads what a command line says. @throws {Misuse} for any error in it, with this exit status unless it has one already */
export function orMisuse<T>(read: () => T, status?: number): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Misuse ? error : new Misuse((error as Error).message, status);
  }
}
