import { readIfThere } from 'step-08';
import type { Range } from './range.ts';

/** What one of the two files says: whose ids, and which. */
export interface Subordinate extends Range {
  readonly owner: string;
}

/** The files that give users ids besides their own: subuid(5), subgid(5). */
export const FILES = { uids: '/etc/subuid', gids: '/etc/subgid' } as const;

/** What a file of the form of subuid(5) says; a line that isn't `owner:first:count` says nothing. */
export function parseSubordinate(text: string): Subordinate[] {
  return text.split('\n').flatMap((line) => {
    const [, owner = '', first, count] = /^([^:#]+):(\d+):(\d+)$/.exec(line.trim()) ?? [];
    return Number(count) > 0 ? [{ owner, first: Number(first), count: Number(count) }] : [];
  });
}

/** What the file of users, or that of groups, says; nothing if there is none. */
export function subordinate(kind: keyof typeof FILES): Subordinate[] {
  return parseSubordinate(readIfThere(FILES[kind]));
}
