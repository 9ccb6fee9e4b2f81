import { fill } from './template.ts';

/** What a list has of each thing, by the names that `--format` knows. */
export type Row = Readonly<Record<string, string>>;

/** How a list is printed. */
export interface Layout {
  /** The heading of each field. */
  readonly headings: Readonly<Record<string, string>>;
  /** The fields that are shown unless a format says otherwise. */
  readonly shown: readonly string[];
}

/**
 * A list as docker prints it: columns; a JSON object a line, for `json`; a template for each row; or columns of a template,
 * for `table …`.
 */
export function listing(rows: readonly Row[], { headings, shown }: Layout, format = 'table'): string {
  if (format === 'json') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const [, columns] = /^table(?:\s+(.*))?$/s.exec(format) ?? [];
  if (!format.startsWith('table')) return rows.map((row) => `${fill(format, row)}\n`).join('');
  const template = columns || shown.map((name) => `{{.${name}}}`).join('\t');
  return table([headings, ...rows].map((row) => fill(template, row).split('\t')));
}

/** The narrowest that a column is, with what stands between it and the next. */
const NARROWEST = 10;
const GAP = 3;

/** Columns, each as wide as its widest cell. The last is left as it is. */
export function table(lines: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(NARROWEST, ...lines.map((line) => (line[at]?.length ?? 0) + GAP)),
  );
  return lines
    .map(
      (line) => `${line.map((cell, at) => (at === line.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('')}\n`,
    )
    .join('');
}
