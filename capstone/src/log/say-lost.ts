import { say } from 'step-10';

/** Says that output is missing, which a reader of the rest would not know. */
export function sayLost(): void {
  say('some of its output was lost here: there was no room for it on the disk, or it was removed before it was read');
}
