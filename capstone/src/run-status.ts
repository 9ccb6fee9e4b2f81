import { Misuse } from 'step-10';

const NOT_FOUND = ['executable file not found', 'no such file or directory'];
const CANNOT_EXECUTE = ['permission denied', 'is a directory'];

/** The exit status of `run` where there is no container to have one: docker's client finds it in what its daemon says. */
export function statusBy(message: string): number {
  if (NOT_FOUND.some((words) => message.includes(words))) return 127;
  return CANNOT_EXECUTE.some((words) => message.includes(words)) ? 126 : 125;
}

/** Does what `run` does first. @throws {Misuse} with that status, where it can't be done; what docker's client refuses has its own */
export async function orStatus<T>(doing: () => Promise<T>): Promise<T> {
  try {
    return await doing();
  } catch (error) {
    if (error instanceof Misuse) throw error;
    const { message } = error as Error;
    const status = statusBy(message);
    throw status === 125 ? error : new Misuse(message, status);
  }
}
