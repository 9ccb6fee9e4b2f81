/** What varies: inside a line any text of that line, alone on a line any lines, or none. */
const MARK = '…';

/** How a line of a README and a line of output belong together. */
type Pair =
  | { readonly is: 'same' | 'changed'; readonly wanted: string; readonly came: string }
  | { readonly is: 'varies'; readonly wanted: string; readonly came: readonly string[] }
  | { readonly is: 'gone'; readonly wanted: string }
  | { readonly is: 'new'; readonly came: string };

/** A README's output beside what came. */
export interface Comparison {
  readonly equal: boolean;
  readonly pairs: readonly Pair[];
  /** The README's lines as they should be: its marks are kept where they still match. */
  readonly updated: readonly string[];
  /** The first line of the README that isn't right, from 0; as many as there are lines if too much came. */
  readonly firstWrong: number;
}

/** Compares output as a README shows it with output as it came. Blank lines at the end don't count. */
export function compare(wanted: readonly string[], came: readonly string[]): Comparison {
  const blanks = wanted.slice(trimmed(wanted).length);
  const pairs = align(trimmed(wanted), trimmed(came));
  const wrong = pairs.findIndex((pair) => pair.is !== 'same' && pair.is !== 'varies');
  const firstWrong = pairs.slice(0, wrong === -1 ? undefined : wrong).filter(({ is }) => is !== 'new').length;
  return { equal: wrong === -1, pairs, updated: [...pairs.flatMap(rewritten), ...blanks], firstWrong };
}

/** Both sides in one list: `-` is only in the README, `+` only came. */
export function diff({ pairs }: Comparison): string[] {
  return pairs.flatMap((pair) => {
    if (pair.is === 'new') return [`+ ${pair.came}`];
    if (pair.is === 'gone') return [`- ${pair.wanted}`];
    return pair.is === 'changed' ? [`- ${pair.wanted}`, `+ ${pair.came}`] : [`  ${pair.wanted}`];
  });
}

/** What tells whether a line of output matches a README's line. Blanks at the end, which editors remove, don't count. */
function matcher(wanted: string): (came: string) => boolean {
  const text = wanted.trimEnd();
  if (!text.includes(MARK)) return (came) => came.trimEnd() === text;
  const parts = text.split(MARK).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 'su');
  return (came) => pattern.test(came.trimEnd());
}

function isAnyLines(line: string): boolean {
  return line.trim() === MARK;
}

/** The way from one list to the other that changes the fewest lines: costs from the end, then a walk from the start. */
function align(wanted: readonly string[], came: readonly string[]): Pair[] {
  const width = came.length + 1;
  const matches = wanted.map(matcher);
  const costs = new Float64Array((wanted.length + 1) * width);
  const cost = (i: number, j: number) =>
    i > wanted.length || j > came.length ? Infinity : (costs[i * width + j] as number);
  const ways = (i: number, j: number): { cost: number; is: Pair['is']; i: number; j: number }[] => {
    const left = wanted[i];
    const right = came[j];
    const both = left !== undefined && right !== undefined;
    const any = left !== undefined && isAnyLines(left);
    const same = both && !any && matches[i]?.(right) === true;
    return [
      { cost: same ? cost(i + 1, j + 1) : Infinity, is: 'same', i: i + 1, j: j + 1 },
      { cost: any ? cost(i + 1, j) : Infinity, is: 'varies', i: i + 1, j },
      { cost: both && !any && !same ? 1 + cost(i + 1, j + 1) : Infinity, is: 'changed', i: i + 1, j: j + 1 },
      { cost: any && right !== undefined ? cost(i, j + 1) : Infinity, is: 'varies', i, j: j + 1 },
      { cost: left === undefined || any ? Infinity : 1 + cost(i + 1, j), is: 'gone', i: i + 1, j },
      { cost: right === undefined ? Infinity : 1 + cost(i, j + 1), is: 'new', i, j: j + 1 },
    ];
  };
  const best = (i: number, j: number) => ways(i, j).reduce((a, b) => (b.cost < a.cost ? b : a));
  for (let i = wanted.length; i >= 0; i--) {
    for (let j = came.length; j >= 0; j--) {
      costs[i * width + j] = i === wanted.length && j === came.length ? 0 : best(i, j).cost;
    }
  }
  const pairs: Pair[] = [];
  const taken: string[] = [];
  for (let i = 0, j = 0; i < wanted.length || j < came.length; ) {
    const step = best(i, j);
    const left = wanted[i] as string;
    const right = came[j] as string;
    if (step.is === 'varies' && step.i === i) taken.push(right);
    else if (step.is === 'varies') pairs.push({ is: 'varies', wanted: left, came: taken.splice(0) });
    else if (step.is === 'gone') pairs.push({ is: 'gone', wanted: left });
    else if (step.is === 'new') pairs.push({ is: 'new', came: right });
    else pairs.push({ is: step.is, wanted: left, came: right });
    ({ i, j } = step);
  }
  return pairs;
}

function rewritten(pair: Pair): string[] {
  if (pair.is === 'gone') return [];
  return [pair.is === 'new' || pair.is === 'changed' ? pair.came.trimEnd() : pair.wanted];
}

function trimmed(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1);
}
