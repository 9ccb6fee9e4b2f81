import type { Line } from './types.ts';

/** A line beside what was shown before: the same, new, changed from another text, or gone. */
export interface Marked {
  readonly line: Line;
  readonly mark: 'same' | 'new' | 'changed' | 'gone';
  /** What stood there before a change. */
  readonly was?: string;
}

/**
 * What one section has become. A line that has the same text is the same; of the others, two with the same key are one
 * that changed. What is gone stands where it was.
 */
export function difference(before: readonly Line[], after: readonly Line[]): Marked[] {
  const left = [...before];
  const take = (is: (line: Line) => boolean) => {
    const at = left.findIndex(is);
    return at === -1 ? undefined : left.splice(at, 1)[0];
  };
  const same = after.map((line) => take((one) => one.text === line.text));
  const marked = after.map((line, nth): Marked & { from?: Line } => {
    if (same[nth]) return { line, mark: 'same', from: same[nth] };
    const old = take((one) => one.key === line.key);
    return old ? { line, mark: 'changed', was: old.text, from: old } : { line, mark: 'new' };
  });
  for (const line of left) {
    const above = before[before.indexOf(line) - 1];
    const at = marked.findIndex(({ from }) => from !== undefined && from === above);
    marked.splice(at + 1, 0, { line, mark: 'gone', from: line });
  }
  return marked.map(({ from, ...one }) => one);
}

/** How many lines have each mark, and what that is in words: `3 lines appear, 1 changes`. */
export function news(marked: readonly Marked[]): string {
  const many = (mark: Marked['mark']) => marked.filter((one) => one.mark === mark).length;
  const [appear, change, gone] = [many('new'), many('changed'), many('gone')];
  const parts = [
    appear && `${appear} ${appear === 1 ? 'line appears' : 'lines appear'}`,
    change && `${change} ${change === 1 ? 'changes' : 'change'}`,
    gone && `${gone} ${gone === 1 ? 'disappears' : 'disappear'}`,
  ].filter((part) => part !== 0);
  return parts.length === 0 ? 'nothing changes' : parts.join(', ');
}
