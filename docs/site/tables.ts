import type { Token } from 'markdown-it';

/** Where a table has more columns than this, each row becomes a card on a narrow screen. */
const FITS = 2;

/** Gives each cell of the wider tables its column's name, which a card shows before the cell. */
export function nameCells(tokens: readonly Token[]): void {
  for (const [index, table] of tokens.entries()) {
    if (table.type !== 'table_open') continue;
    const end = tokens.findIndex(({ type }, at) => at > index && type === 'table_close');
    const within = tokens.slice(index, end);
    const names = within.flatMap(({ type }, at) => (type === 'th_open' ? textOf(within[at + 1]) : []));
    if (names.length <= FITS) continue;
    table.attrJoin('class', 'cards');
    const cells = within.filter(({ type }) => type === 'td_open');
    for (const [at, cell] of cells.entries()) cell.attrSet('data-label', names[at % names.length] ?? '');
  }
}

/** The text of a cell, without its markup. */
export function textOf(inline: Token | undefined): string {
  return (inline?.children ?? []).map(({ content }) => content).join('');
}
