import { escaped } from './html.ts';

/** Lines that are longer than this may be wrapped on some screen. */
const SHORT = 33;

/**
 * The lines of a block as one markup that wraps instead of being cut off: a long line goes on below its own beginning,
 * and a doc comment becomes a note, set as running text. What is copied is still the source, character by character.
 *
 * @param marked - the same lines in colours
 */
export function wrapping(lines: readonly string[], marked: readonly string[]): string {
  const made: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const end = docCommentEnd(lines, at);
    if (end !== undefined) {
      made.push(note(lines.slice(at, end + 1)));
      at = end;
    } else made.push(long(lines[at] as string, marked[at] as string));
  }
  return made.join('');
}

function long(line: string, marked: string): string {
  return line.length <= SHORT
    ? `${marked}\n`
    : `<span class="long" style="--in:${indentOf(line) + 4}ch">${marked.replaceAll('(', '(<wbr>')}\n</span>`;
}

/** The last line of the doc comment that begins here, if one does and nothing stands behind it. */
function docCommentEnd(lines: readonly string[], start: number): number | undefined {
  if (!/^\s*\/\*\*/.test(lines[start] ?? '')) return undefined;
  const end = lines.findIndex((line, index) => index >= start && line.includes('*/'));
  return end >= 0 && /\*\/\s*$/.test(lines[end] as string) ? end : undefined;
}

/** Its lines are joined to paragraphs; a tag and an item of a list begin a new line, as they do in the source. */
function note(lines: readonly string[]): string {
  const [first = '', ...others] = lines;
  const rest = others.map((line) => {
    const [, star = '', text = ''] = /^(\s*\*(?!\/) ?)?(.*)$/.exec(line) ?? [];
    const begins = /^(?:@|- |$)/.test(text) ? '<br>' : '';
    return `${begins}<span class="star">${star}</span>${linked(text)}`;
  });
  return `<span class="note t-comment" style="--in:${indentOf(first)}ch">${[linked(first), ...rest].join('\n')}\n</span>`;
}

/** Of `{@link address | words}` the words are shown, as the link that they are. */
function linked(text: string): string {
  return escaped(text).replace(
    /(\{@link (https?:[^ |}]+) \| )([^}]+)(\})/g,
    (_, before, href, words, after) =>
      `<span class="star">${before}</span><a href="${href}">${words}</a><span class="star">${after}</span>`,
  );
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
