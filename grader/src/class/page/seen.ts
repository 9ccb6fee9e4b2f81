import type { Row } from '../row.ts';
import type { Mark } from '../rules/mark.ts';

/** A student as a page shows them: under their name, or under a number that only the key file explains. */
export interface Seen {
  readonly mark: Mark;
  readonly row: Row | undefined;
  readonly id: string;
  readonly name: string;
  /** The page with the details, from where the class's page is. */
  readonly file: string;
  /** What was applied, and what couldn't be graded. */
  readonly notes: readonly string[];
}

/** Everybody as they are called. */
export function named(mark: Mark, row: Row | undefined, at: number): Seen {
  const notes = [mark.note, ...mark.applied].filter((note) => note !== '');
  return { mark, row, id: mark.id, name: mark.name, file: `pages/${at + 1}.html`, notes };
}

/** Without names: notes name files, addresses and illnesses, so they stay away, too. */
export function unnamed(mark: Mark, row: Row | undefined, id: string): Seen {
  return { mark, row, id, name: '', file: `pages/${id}.html`, notes: [] };
}
