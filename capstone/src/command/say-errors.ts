import { say } from 'step-10';

/** Says what couldn't be shown, after what could. @returns the exit status */
export function sayErrors(errors: readonly Error[]): number {
  for (const { message } of errors) say(message);
  return errors.length > 0 ? 1 : 0;
}
