import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** A file of comma-separated values, and how it is written: so that it can be given back as it came. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly form: Form;
}

export interface Form {
  /** Does it begin with a byte order mark? Excel wants one, and so Canvas and Moodle write it. */
  readonly bom: boolean;
  readonly delimiter: string;
  readonly newline: string;
  /** Is every cell in quotes? */
  readonly quoted: boolean;
  /** What stands in a number's middle: a comma, where a semicolon stands between cells. */
  readonly decimal: '.' | ',';
}

const DELIMITERS = [',', ';', '\t'];

/** A form for a file of our own. */
export const PLAIN: Form = { bom: false, delimiter: ',', newline: '\n', quoted: false, decimal: '.' };

/** Reads one. @throws {Error} if it is none, with its line */
export function readTable(bytes: Buffer): Table {
  const text = textOf(bytes);
  const [delimiter = ','] = DELIMITERS.map((one) => ({ one, cells: rowsOf(text, one, 1)[0]?.length ?? 0 }))
    .sort((a, b) => b.cells - a.cells)
    .map(({ one }) => one);
  const [header = [], ...rows] = rowsOf(text, delimiter);
  const form = {
    bom: bytes.subarray(0, 3).equals(Buffer.from('\ufeff')),
    delimiter,
    newline: /\r?\n/.exec(text)?.[0] ?? '\n',
    quoted: /^"([^"]|"")*"[,;\t\r\n]/.test(text),
    decimal: delimiter === ';' && rows.some((row) => row.some((cell) => /^\d+,\d+$/.test(cell))) ? ',' : '.',
  } as const;
  return { header: header.map((cell) => cell.trim()), rows, form };
}

function rowsOf(text: string, delimiter: string, to?: number): string[][] {
  return parse(text, {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    ...(to !== undefined && { to }),
  });
}

/** UTF-8; and what Excel saves on Windows, where it isn't that. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  return isUtf8(bytes) ? bytes.toString() : new TextDecoder('windows-1252').decode(bytes);
}

/** The file's text, in its own form. Nothing is escaped: what reads it has to find every name as it was. */
export function writeTable({ header, rows, form }: Table): string {
  const { bom, delimiter, newline, quoted } = form;
  return stringify([header, ...rows] as string[][], { bom, delimiter, record_delimiter: newline, quoted });
}

/** Points as this file has numbers: two digits at most, as all gradebooks show them. */
export function pointsIn({ decimal }: Form, points: number): string {
  return String(Math.round(points * 100) / 100).replace('.', decimal);
}

/** A number of a file. */
export function numberIn(cell: string | undefined): number | undefined {
  const text = (cell ?? '').trim().replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The place of a column, by one of its names; -1 if there is none. */
export function columnOf({ header }: Pick<Table, 'header'>, ...names: readonly string[]): number {
  const wanted = names.map((name) => name.toLowerCase());
  return header.findIndex((cell) => wanted.includes(cell.toLowerCase()));
}

/** The cell of a row, by a name of its column. */
export function cellOf(table: Table, row: readonly string[], ...names: readonly string[]): string {
  return row[columnOf(table, ...names)]?.trim() ?? '';
}

/** The same row with other cells. */
export function withCells(row: readonly string[], cells: ReadonlyMap<number, string>): string[] {
  const length = Math.max(row.length, ...[...cells.keys()].map((at) => at + 1));
  return Array.from({ length }, (_, at) => cells.get(at) ?? row[at] ?? '');
}
