/** Columns under a title: the first to the left, numbers to the right. */
export function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [[title, ...head], ...rows];
  const widths = [title, ...head].map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = ([name = '', ...cells]: readonly string[]) =>
    [name.padEnd(widths[0] ?? 0), ...cells.map((cell, nth) => cell.padStart(widths[nth + 1] ?? 0))]
      .join('  ')
      .trimEnd();
  return `${line([title, ...head])}\n${'-'.repeat(Math.min(110, line([title, ...head]).length))}\n${rows.map(line).join('\n')}\n`;
}

/** Milliseconds for people: two decimals below ten, one above. */
export function milliseconds(time: number): string {
  return time.toFixed(time < 10 ? 2 : 1);
}
