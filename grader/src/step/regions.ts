/** A part of a step's source that students write: the body of an exported function, between two marker lines. */
export interface Region {
  /** The task's number, as in `// #region task 2: half a CPU`. */
  readonly task: number;
  readonly title: string;
  /** The exported function whose body it is. */
  readonly function: string;
  /** The marker's lines, counted from 0: what is between them is the body. */
  readonly from: number;
  readonly to: number;
}

const BEGINS = /^\s*\/\/\s*#region\s(?:\s*task\s+(\d+):(.*))?/s; // nothing behind the title, or blanks take for ever
const ENDS = /^\s*\/\/\s*#endregion\b/;
const FUNCTION = /^export (?:async )?function (\w+)/;

/** The regions of a source that are tasks. A marker that isn't closed, or stands in no exported function, is none. */
export function regions(source: string): Region[] {
  const found: Region[] = [];
  const open: { task?: number; title: string; from: number }[] = [];
  let name: string | undefined;
  for (const [line, text] of source.split('\n').entries()) {
    name = FUNCTION.exec(text)?.[1] ?? name;
    const begins = BEGINS.exec(text);
    if (begins) {
      const [, task, title = ''] = begins;
      open.push({ ...(task !== undefined && { task: Number(task) }), title: title.trim(), from: line });
    } else if (ENDS.test(text)) {
      const { task, title = '', from = 0 } = open.pop() ?? {};
      if (task !== undefined && name !== undefined) found.push({ task, title, function: name, from, to: line });
    }
  }
  return found;
}

/**
 * A source with other bodies in its regions, on as many lines as before at least, so that what follows keeps its numbers.
 * What is in a body that is replaced goes with it, further regions too.
 *
 * @param body - the lines of a region's new body, or undefined where it stays as it is
 */
export function withBodies(source: string, body: (region: Region) => string | undefined): string {
  const lines = source.split('\n');
  const changed: string[] = [];
  let at = 0;
  for (const region of regions(source).sort((a, b) => a.from - b.from)) {
    const text = region.from < at ? undefined : body(region);
    if (text === undefined) continue;
    const after = text.split('\n');
    for (; at <= region.from; at++) changed.push(lines[at] ?? '');
    changed.push(...after);
    for (at += after.length; at < region.to; at++) changed.push('');
    at = region.to;
  }
  for (; at < lines.length; at++) changed.push(lines[at] ?? '');
  return changed.join('\n');
}
