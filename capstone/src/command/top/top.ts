import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { put, table } from 'step-10';
import { find } from '../../containers/find.ts';
import { stateOf } from '../../containers/state.ts';
import { pidsOf } from '../../shown/pids.ts';

/** Shows those lines of the host's `ps` that are about a container's processes. */
export async function top(called: string, options: readonly string[]): Promise<number> {
  const record = find(called);
  const { pid } = stateOf(record);
  if (pid === 0) throw new Error(`container ${record.id} is not running`);
  const pids = new Set(pidsOf(record, pid).map(String));
  const { stdout } = await promisify(execFile)('ps', options.length > 0 ? [...options] : ['-ef']).catch((error) => {
    if (error.code === 'ENOENT') throw new Error('the host has no ps(1), which shows processes: install procps');
    throw new Error(`ps: ${error.stderr.trim() || error.message}`);
  });
  put(table(linesOf(stdout, pids), 3, 20));
  return 0;
}

/**
 * The cells of those lines that are about some processes, after the headings. The last column has all that is left of a line.
 *
 * @throws {Error} in docker's words, if no column is called PID
 */
export function linesOf(text: string, pids: ReadonlySet<string>): string[][] {
  const [headings = [], ...lines] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/));
  const column = headings.indexOf('PID');
  if (column === -1) throw new Error("Couldn't find PID field in ps output");
  const last = headings.length - 1;
  const its = lines.filter((cells) => pids.has(cells[column] ?? ''));
  return [headings, ...its.map((cells) => [...cells.slice(0, last), cells.slice(last).join(' ')])];
}
