import { textOf } from './html.ts';
import type { Group, Row } from './types.ts';

/** A row beside what was there before it. */
export interface MarkedRow {
  readonly row: Row;
  readonly mark: 'same' | 'new' | 'changed' | 'gone';
  readonly was?: string;
}

/** Every row of two states, by group: rows of one name are the same thing. */
export function rowsBeside(before: readonly Row[], after: readonly Row[]): MarkedRow[] {
  const left = [...before];
  const marked = after.map((row): MarkedRow => {
    const at = left.findIndex(([name]) => name === row[0]);
    const [old] = at === -1 ? [] : left.splice(at, 1);
    if (!old) return { row, mark: 'new' };
    return old[1] === row[1] ? { row, mark: 'same' } : { row, mark: 'changed', was: old[1] };
  });
  return [...marked, ...left.map((row) => ({ row, mark: 'gone' as const }))];
}

/** What a process has, as a card for each kind of thing, and in it what the last call has changed. */
export function panelHtml(groups: readonly Group[], before: readonly Group[] | null): string {
  return groups
    .map(({ title, rows }) => {
      const old = before?.find((group) => group.title === title)?.rows ?? (before ? [] : rows);
      const marked = rowsBeside(old, rows);
      if (marked.length === 0) return '';
      const isChanged = marked.some(({ mark }) => mark !== 'same');
      return `<div class="explorer-card"${isChanged ? ' data-changed' : ''}><h3>${title}</h3><dl>${marked.map(rowHtml).join('')}</dl></div>`;
    })
    .join('');
}

function rowHtml({ row: [name, text], mark, was }: MarkedRow): string {
  const depth = /^ */.exec(name)?.[0].length ?? 0;
  const tag = mark === 'same' ? '' : ` <span class="explorer-mark">${mark}</span>`;
  const old = was === undefined ? '' : ` <del>${textOf(was)}</del>`;
  return `<div data-mark="${mark}" style="--depth:${depth / 2}"><dt>${textOf(name.trim())}</dt><dd>${textOf(text)}${old}${tag}</dd></div>`;
}
