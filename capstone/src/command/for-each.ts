import { put, say } from 'step-10';

/**
 * Does something with each container that a command line names, prints its name, and says what couldn't be done.
 *
 * @returns 1 if any of it couldn't, as docker does
 */
export async function forEachNamed(
  names: readonly string[],
  act: (called: string) => Promise<unknown>,
): Promise<number> {
  let status = 0;
  for (const called of names) {
    try {
      await act(called);
      put(`${called}\n`);
    } catch (error) {
      say((error as Error).message);
      status = 1;
    }
  }
  return status;
}
