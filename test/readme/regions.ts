import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Fence, fences, type Problem, withBodies } from './markdown.ts';

const REGION = /^\s*(?:\/\/|#|\/\*)\s*#region\s+(.+?)\s*(?:\*\/)?$/;
const END = /^\s*(?:\/\/|#|\/\*)\s*#endregion\b/;

/** Every block of a README that doesn't hold what the region it names holds, or names one that isn't there. */
export function checkRegions(file: string): Problem[] {
  return pulled(file).flatMap(({ fence, source, body, error }) => {
    if (error) return [error];
    const line = body.findIndex((one, index) => one !== fence.lines[index]?.trimEnd());
    if (line === -1 && body.length === fence.lines.length) return [];
    const at = line === -1 ? body.length : line;
    const message = [
      `the block differs from ${source}`,
      `  in the source: ${shown(body[at])}`,
      `  here:          ${shown(fence.lines[at])}`,
      '  write it again with: node --import tsx scripts/readme.ts update',
    ].join('\n');
    return [{ file, line: fence.line + 1 + at, message }];
  });
}

/** Writes into every block what its region holds. Problems are those that no writing mends. */
export function updateRegions(file: string): Problem[] {
  const text = readFileSync(file, 'utf8');
  const blocks = pulled(file);
  const updated = withBodies(
    text,
    new Map(blocks.filter(({ error }) => !error).map(({ fence, body }) => [fence, body])),
  );
  if (updated !== text) writeFileSync(file, updated);
  return blocks.flatMap(({ error }) => error ?? []);
}

interface Pulled {
  readonly fence: Fence;
  readonly source: string;
  readonly body: readonly string[];
  readonly error?: Problem;
}

/** The blocks that name a region, with its body. */
function pulled(file: string): Pulled[] {
  return fences(file).flatMap((fence) => {
    const [, ...words] = fence.info.split(/\s+/);
    if (words.length === 0) return [];
    const source = words.join(' ');
    const [path, name] = split(source, '#');
    try {
      if (!name) throw new Error(`${JSON.stringify(source)} names no region: write "<language> <path>#<region>"`);
      return [{ fence, source, body: region(resolve(dirname(file), path), name) }];
    } catch (error) {
      const message = `${source}: ${(error as Error).message}`;
      return [{ fence, source, body: [], error: { file, line: fence.line, message } }];
    }
  });
}

/** The lines of a region of a source file. @throws {Error} if the file isn't there, and as regionOf does */
export function region(file: string, name: string): string[] {
  return regionOf(readSource(file), name);
}

/**
 * The lines of a region of a source, without the indentation that they share and without markers.
 *
 * @throws {Error} if the region isn't there, if there are two of that name, or one isn't closed.
 */
export function regionOf(source: string, name: string): string[] {
  const found: string[][] = [];
  const open: { name: string; lines: string[] }[] = [];
  const names: string[] = [];
  for (const line of source.split('\n')) {
    const begins = REGION.exec(line)?.[1];
    if (begins) {
      names.push(begins);
      open.push({ name: begins, lines: [] });
    } else if (END.test(line)) {
      const ends = open.pop();
      if (!ends) throw new Error('there is an #endregion without a #region');
      if (ends.name === name) found.push(ends.lines);
    } else {
      for (const { lines } of open) lines.push(line.trimEnd());
    }
  }
  if (open.length > 0) throw new Error(`the region ${JSON.stringify(open.at(-1)?.name)} has no #endregion`);
  const [body] = found;
  if (!body) throw new Error(`there is no region ${JSON.stringify(name)}; there are ${JSON.stringify(names)}`);
  if (found.length > 1) throw new Error(`there are ${found.length} regions of that name`);
  return dedented(body);
}

/** The line at which a region of a source file begins, counted from 1; 0 if there is none. */
export function regionLine(file: string, name: string): number {
  return (
    readSource(file)
      .split('\n')
      .findIndex((line) => REGION.exec(line)?.[1] === name) + 1
  );
}

function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`there is no file ${file}`, { cause: error });
  }
}

function dedented(lines: readonly string[]): string[] {
  const full = lines.filter((line) => line !== '');
  const shared = Math.min(...full.map((line) => line.length - line.trimStart().length));
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(first, last + 1).map((line) => line.slice(shared));
}

function split(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function shown(line: string | undefined): string {
  return line === undefined ? '(the end)' : line;
}
