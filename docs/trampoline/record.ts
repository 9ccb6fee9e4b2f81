import { textOf } from '../explorer/html.ts';
import type { Moment } from './trace.ts';
import type { Laid, LaidRecord } from './types.ts';

/** As in shared-native/src/program.ts: what stands in a result until the call is made. */
const NOT_MADE = -(2n ** 63n);
/** More than any result: a least success that no call reaches. */
const NEVER = 2n ** 62n;

export const hex = (value: bigint | number) => `0x${value.toString(16)}`;

/** The record that rbx points to, field by field, with what the last instruction touched marked. */
export function recordRows(laid: Laid, moment: Moment): string {
  const { rbx } = moment.registers;
  const record = laid.records.find(({ address }) => BigInt(address) === rbx);
  if (!record) return '';
  const at = (address: bigint) => moment.memory.getBigInt64(Number(address) - laid.address, true);
  const rows: [offset: number, name: string, holds: string, cell?: bigint][] = [
    [0, 'result', resultText(at(rbx))],
    [8, 'number', `${at(rbx + 8n)}`],
    ...[16, 24, 32, 40, 48, 56].map((offset, nth): [number, string, string, bigint] => {
      const cell = at(rbx + BigInt(offset));
      return [offset, record.args[nth]?.[0] ?? 'unused', cellText(laid, cell, at(cell), record.args[nth]?.[1]), cell];
    }),
    [64, 'least success', at(rbx + 64n) === NEVER ? 'none' : `${at(rbx + 64n)}`],
    [72, 'fine error', resultText(at(rbx + 72n), 'none')],
    [80, 'next', placeText(laid, at(rbx + 80n))],
    [88, 'other', placeText(laid, at(rbx + 88n))],
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
  return value === NOT_MADE ? none : String(value);
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
  const isWritten = result !== NOT_MADE && !call.startsWith('exit_group');
  return `<li${here}${mark}><code>${textOf(call)}</code>${isWritten ? ` <b>= ${result}</b>` : ''}</li>`;
}
