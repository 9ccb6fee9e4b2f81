import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'shared-native';
import { findHierarchies, listing, put } from 'step-10';
import { find, list } from '../../containers/find.ts';
import type { BoxRecord } from '../../containers/record.ts';
import { stateOf } from '../../containers/state.ts';
import { LAYOUT, rowOf } from './row.ts';
import { measured, type Sample } from './sample.ts';

interface Flags {
  readonly all?: boolean;
  readonly format?: string;
  /** False for `--no-stream`. */
  readonly stream: boolean;
  /** False for `--no-trunc`. */
  readonly trunc: boolean;
}

/** Milliseconds between two looks: a percentage is of the time between them. */
const BETWEEN = 1000;

/** Shows what containers use: once, or again each second until it is ended. */
export async function stats({ all = false, format = 'table', stream, trunc }: Flags, names: readonly string[]) {
  const wanted = () => (names.length > 0 ? names.map(find) : list().records.filter((one) => all || isUp(one)));
  const hierarchies = findHierarchies();
  const look = () => new Map(wanted().map((record) => [record.id, { record, sample: measured(record, hierarchies) }]));
  const isShownAgain = stream && isatty(1);
  for (let before = look(); ; ) {
    await sleep(BETWEEN);
    const now = look();
    const rows = [...now.values()].map(({ record, sample }) =>
      rowOf(record, sample, before.get(record.id)?.sample as Sample | undefined, trunc),
    );
    put(`${isShownAgain ? '\x1b[H\x1b[J' : ''}${listing(rows, LAYOUT, format)}`);
    if (!stream) return 0;
    before = now;
  }
}

function isUp(record: BoxRecord): boolean {
  return ['running', 'paused'].includes(stateOf(record).status);
}
