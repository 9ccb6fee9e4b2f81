import { callHtml, textOf } from './html.ts';
import { find } from './page.ts';
import { rowsBeside } from './panel.ts';
import { askedBy, commandLine, planAt, type State } from './state.ts';
import { STAGE_TITLES } from './titles.ts';
import type { Engine, Group, Trace } from './types.ts';
import { type MarkedSection, markedPlan } from './view.ts';

/** Shows a plan beside the one that it is compared with, and what each process has in the end. */
export function besides(root: HTMLElement, engine: Engine, state: State, trace: Trace): void {
  const place = root.querySelector<HTMLElement>('.explorer-beside');
  if (!place) return;
  const { beside } = state;
  place.hidden = beside === undefined;
  find(root, '[data-compare=begin]').hidden = beside !== undefined;
  if (!beside) return;
  const sections = markedPlan(planAt(engine, state), planAt(engine, beside));
  place.innerHTML = besideHtml(
    [beside, state].map((one) => commandLine(engine, one)),
    sections,
    [engine.trace(askedBy(engine, beside)).last, trace.last],
  );
}

/** Two plans as a table of two columns: what differs, line by line, and how many lines between are the same. */
function besideHtml(
  [left = '', right = '']: readonly string[],
  sections: readonly MarkedSection[],
  [before = [], after = []]: readonly (readonly Group[])[],
): string {
  const head = [left, right].map((line) => `<th scope="col"><code>${textOf(line)}</code></th>`).join('');
  const ends = after.flatMap(({ title, rows }) =>
    endRows(title, before.find((one) => one.title === title)?.rows ?? [], rows),
  );
  const end = ends.length > 0 ? `<tbody>${across('What the process has in the end')}${ends.join('')}</tbody>` : '';
  return `<h3>Side by side <button type="button" data-compare="end">End the comparison</button></h3><table><thead><tr>${head}</tr></thead>${sections.map(sectionHtml).join('')}${end}</table>`;
}

function sectionHtml({ id, lines }: MarkedSection): string {
  if (lines.every(({ mark }) => mark === 'same')) return '';
  let same = 0;
  const rows = lines.flatMap(({ line, mark, was }) => {
    if (mark === 'same') {
      same++;
      return [];
    }
    const between = same > 0 ? [sameHtml(same)] : [];
    same = 0;
    const left = mark === 'gone' ? line.text : was;
    return [...between, rowHtml(mark, left, mark === 'gone' ? undefined : line.text)];
  });
  const rest = same > 0 ? sameHtml(same) : '';
  return `<tbody>${across(STAGE_TITLES[id][0])}${rows.join('')}${rest}</tbody>`;
}

function endRows(title: string, before: Group['rows'], after: Group['rows']): string[] {
  return rowsBeside(before, after)
    .filter(({ mark }) => mark !== 'same')
    .map(({ row: [name, text], mark, was }) => {
      const shown = (what: string) => `${title}, ${name.trim()}: ${what}`;
      const left = mark === 'gone' ? shown(text) : was === undefined ? undefined : shown(was);
      return rowHtml(mark, left, mark === 'gone' ? undefined : shown(text));
    });
}

function rowHtml(mark: string, left: string | undefined, right: string | undefined): string {
  return `<tr data-mark="${mark}">${cell(left)}${cell(right)}</tr>`;
}

function cell(text: string | undefined): string {
  return text === undefined
    ? '<td><span class="explorer-hidden">nothing</span></td>'
    : `<td><code>${callHtml(text)}</code></td>`;
}

const sameHtml = (many: number) =>
  `<tr class="explorer-alike"><td colspan="2">${many === 1 ? '1 line is' : `${many} lines are`} the same</td></tr>`;

const across = (title: string) => `<tr><th scope="colgroup" colspan="2">${title}</th></tr>`;
