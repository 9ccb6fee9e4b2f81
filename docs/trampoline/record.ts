import { NEVER, NOT_MADE, RECORD } from '../../shared-native/src/record.ts';
import { textOf } from '../explorer/html.ts';
import type { Moment } from './trace.ts';
import type { Laid, LaidRecord } from './types.ts';

export const hex = (value: bigint | number) => `0x${value.toString(16)}`;

/** The record that rbx points to, field by field, with what the last instruction touched marked. */
export function recordRows(laid: Laid, moment: Moment): string {
  const { rbx } = moment.registers;
  const record = laid.records.find(({ address }) => BigInt(address) === rbx);
  if (!record) return '';
  const at = (address: bigint) => moment.memory.getBigInt64(Number(address) - laid.address, true);
  const field = (offset: number) => at(rbx + BigInt(offset));
  const rows: [offset: number, name: string, holds: string, cell?: bigint][] = [
    [RECORD.result, 'result', resultText(at(rbx))],
    [RECORD.number, 'number', `${field(RECORD.number)}`],
    ...Array.from({ length: 6 }, (_, nth): [number, string, string, bigint] => {
      const offset = RECORD.arguments + 8 * nth;
      const cell = field(offset);
      return [offset, record.args[nth]?.[0] ?? 'unused', cellText(laid, cell, at(cell), record.args[nth]?.[1]), cell];
    }),
    [RECORD.least, 'least success', field(RECORD.least) === BigInt(NEVER) ? 'none' : `${field(RECORD.least)}`],
    [RECORD.tolerated, 'fine error', resultText(field(RECORD.tolerated), 'none')],
    [RECORD.next, 'next', placeText(laid, field(RECORD.next))],
    [RECORD.other, 'other', placeText(laid, field(RECORD.other))],
  ];
  const { touched } = moment;
  return rows
    .map(([offset, name, holds, cell]) => {
      const isField = touched?.address === rbx + BigInt(offset);
      const isCell = touched !== undefined && touched.address === cell && !isField;
      const mark = isField
        ? ` data-touched="${touched?.written ? 'written' : 'field'}"`
        : isCell
          ? ' data-touched="cell"'
          : '';
      return `<tr${mark}><td>${offset}</td><th scope="row">${textOf(name)}</th><td><code>${holds}</code></td></tr>`;
    })
    .join('');
}

/** `→ 0x10258: 65 (O_WRONLY|O_CREAT)`: where a pointer leads, and what is there. */
function cellText({ records }: Laid, cell: bigint, value: bigint, text: string | undefined): string {
  const of = records.findIndex(({ address }) => BigInt(address) === cell);
  if (of !== -1) return `→ the result of call ${of + 1}: ${resultText(value)}`;
  const means = text === undefined || text === String(value) ? '' : ` (${textOf(text)})`;
  return `→ ${hex(cell)}: ${value > 0xffffn ? hex(value) : value}${means}`;
}

function resultText(value: bigint, none = 'not written yet'): string {
  return value === BigInt(NOT_MADE) ? none : String(value);
}

function placeText({ records }: Laid, address: bigint): string {
  const nth = records.findIndex((record) => BigInt(record.address) === address);
  const isEnd = nth === records.length - 1;
  return `→ ${hex(address)}: ${isEnd ? 'the end, exit_group(127)' : `call ${nth + 1}`}`;
}

/** The calls in order, each with the result that stands in its record. */
export function programItems(laid: Laid, moment: Moment): string {
  return laid.records.map((record) => itemHtml(laid, record, moment)).join('');
}

function itemHtml(
  { address: from }: Laid,
  { address, call }: LaidRecord,
  { memory, registers, touched }: Moment,
): string {
  const result = memory.getBigInt64(address - from, true);
  const here = BigInt(address) === registers.rbx ? ' aria-current="step"' : '';
  const mark = touched?.address === BigInt(address) ? ' data-touched' : '';
  const isWritten = result !== BigInt(NOT_MADE) && !call.startsWith('exit_group');
  return `<li${here}${mark}><code>${textOf(call)}</code>${isWritten ? ` <b>= ${result}</b>` : ''}</li>`;
}
