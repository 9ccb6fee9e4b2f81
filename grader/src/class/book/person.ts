/** What names a student: each platform has its own kinds. */
export type Kind = 'canvas' | 'moodle' | 'gradescope' | 'github' | 'sid' | 'email' | 'name';

export interface Key {
  readonly kind: Kind;
  /** In lower case. */
  readonly value: string;
}

/** Somebody of the class. */
export interface Person {
  /** What stays the same in every file of theirs, and what class.yml calls them: their e-mail address, login, or number. */
  readonly id: string;
  readonly name: string;
  readonly keys: readonly Key[];
  readonly section: string;
  /** When they handed in, as the platform says, in milliseconds since 1970. */
  readonly time?: number;
}

/** A key, if there is something to it. */
export function key(kind: Kind, text: string | undefined): Key[] {
  const value = kind === 'name' ? nameOf(text ?? '') : (text ?? '').trim().toLowerCase();
  return value === '' ? [] : [{ kind, value }];
}

/** A login is an e-mail address in most schools, and begins one in others. */
export function login(text: string | undefined): Key[] {
  return [...key('sid', text), ...(text?.includes('@') ? key('email', text) : [])];
}

/** `Doe, Jane` is `Jane Doe`: the words of a name, without accents, by the alphabet. */
export function nameOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).sort().join(' ');
}
