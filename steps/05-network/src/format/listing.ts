import { FUNCTIONS, HEADING_FUNCTIONS } from './template/functions.ts';
import { Struct } from './template/values.ts';
import { filled, templateOf } from './template.ts';

/**
 * What a list has of each thing, by the names that `--format` knows: texts; functions for texts that few lists show and that
 * take time; and functions such as that of `{{.Label "x"}}`.
 */
export type Row = Readonly<Record<string, Cell>>;
type Cell = string | null | (() => string) | ((name: string) => string);

/** How a list is printed. */
export interface Layout {
  /** The heading of each field. */
  readonly headings: Readonly<Record<string, string>>;
  /** The fields that are shown unless a format says otherwise. */
  readonly shown: readonly string[];
  /** What messages call a row: docker's name for it. */
  readonly type?: string;
  /** The template that `raw` stands for. */
  readonly raw?: string;
}

/**
 * A list as docker prints it: columns; a JSON object a line, for `json`; a template for each row; or columns of a template,
 * for `table …`.
 *
 * @throws {TemplateError}
 */
export function listing(
  rows: readonly Row[],
  { headings, shown, type = 'row', raw }: Layout,
  format = 'table',
): string {
  if (format === 'json') return rows.map((row) => `${rowJson(row)}\n`).join('');
  if (format === 'table') return plainTable(rows, headings, shown);
  const isTable = format.startsWith('table');
  const given = format === 'raw' && raw !== undefined ? raw : isTable ? format.slice('table'.length) : format;
  const text =
    unescaped(given.replace(/^ +| +$/g, '')) || (isTable ? shown.map((name) => `{{.${name}}}`).join('\t') : '');
  const template = templateOf(text);
  const lines = rows.map((row) => filled(template, new RowStruct(type, row), { functions: FUNCTIONS }));
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const heading = filled(template, { ...headings, Label: labelHeading }, { functions: HEADING_FUNCTIONS });
  return table([heading, ...lines].flatMap((line) => line.split('\n')).map((line) => line.split('\t')));
}

/** The same that a template of these fields would print, in a third of the time. */
function plainTable(rows: readonly Row[], headings: Layout['headings'], shown: readonly string[]): string {
  const lines = rows.map((row) => shown.map((name) => told(row[name] ?? '') ?? ''));
  return table([shown.map((name) => headings[name] ?? ''), ...lines]);
}

function told(cell: Cell): string | null {
  return typeof cell === 'function' ? cell('') : cell;
}

class RowStruct extends Struct {
  readonly #row: Row;

  constructor(type: string, row: Row) {
    super(type, row);
    this.#row = row;
  }

  toJSON(): unknown {
    return JSON.parse(this.asJson());
  }

  /** Not that of its fields: in a row's, Go's encoder has escaped what HTML would read as a tag. */
  override asJson(): string {
    return rowJson(this.#row);
  }
}

/** JSON as Go's encoder writes it: what HTML would read as a tag is an escape. */
export function forHtml(json: string): string {
  return json.replace(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
}

/** Go's encoder writes the fields of a map by name. */
function rowJson(row: Row): string {
  const fields = Object.entries(row).filter(([, cell]) => typeof cell !== 'function' || cell.length === 0);
  const sorted = fields.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, cell]) => [name, told(cell)]);
  return forHtml(JSON.stringify(Object.fromEntries(sorted)));
}

/** `com.example.some-label`: SOME LABEL would be too loud, so docker takes the last part as it is. */
function labelHeading(name: string): string {
  return (name.split('.').at(-1) ?? '').replace(/[-_]/g, ' ');
}

/** A backslash and a letter, as people type it into a shell. */
function unescaped(text: string): string {
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
}

/** The narrowest that a column is, with what stands between it and the next. */
const NARROWEST = 10;
const GAP = 3;

/** Columns, each as wide as its widest cell. The last cell of a line is left as it is, and belongs to none. */
export function table(lines: readonly (readonly string[])[], gap = GAP, narrowest = NARROWEST): string {
  const count = Math.max(0, ...lines.map((line) => line.length - 1));
  const widths = Array.from({ length: count }, (_, at) =>
    lines.reduce(
      (widest, line) => (at < line.length - 1 ? Math.max(widest, (line[at]?.length ?? 0) + gap) : widest),
      narrowest,
    ),
  );
  return lines
    .map(
      (line) => `${line.map((cell, at) => (at === line.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('')}\n`,
    )
    .join('');
}
