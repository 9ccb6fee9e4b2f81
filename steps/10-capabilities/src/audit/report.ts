import { styled } from 'step-09';
import type { Verdict, Wall } from './wall.ts';

const COLORS = { stands: 'green', gap: 'yellow', missing: 'red', 'not known': 'dim' } as const;
const WORDS: Readonly<Record<Verdict, string>> = {
  stands: 'stands',
  gap: 'has a gap',
  missing: 'is missing',
  'not known': 'not known',
};

/** The walls as text: what each is, what it stops, what it leaves; at the end, how many stand. */
export function report(title: string, walls: readonly Wall[]): string {
  const name = Math.max(...walls.map(({ wall }) => wall.length)) + 2;
  const word = Math.max(...Object.values(WORDS).map(({ length }) => length)) + 2;
  const line = (first: string, second: string, text: string, verdict?: Verdict) => {
    const [start = '', ...rest] = wrapped(text, WIDTH - name - word);
    const shown = verdict ? styled(COLORS[verdict], second.padEnd(word)) : second.padEnd(word);
    return [`${first.padEnd(name)}${shown}${start}`, ...rest.map((more) => ' '.repeat(name + word) + more)];
  };
  const rows = walls.flatMap(({ wall, verdict, is, stops, leaves }) => [
    ...line(wall, WORDS[verdict], is, verdict),
    ...line('', 'stops', stops),
    ...leaves.flatMap((one, nth) => line('', nth === 0 ? 'leaves' : '', one)),
  ]);
  return `${[title, '', ...rows, '', ...wrapped(summary(walls), WIDTH)].join('\n')}\n`;
}

/** Columns. */
const WIDTH = 100;

/** A text in lines of at most so many columns, but for words that are longer. */
function wrapped(text: string, width: number): string[] {
  return text.split(' ').reduce<string[]>(
    ([...lines], word) => {
      const last = lines.at(-1) ?? '';
      const isFull = last !== '' && last.length + 1 + word.length > width;
      if (isFull) return [...lines, word];
      lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
      return lines;
    },
    [''],
  );
}

const SUMMED = { gap: 'with a gap', missing: 'missing', 'not known': 'not known' } as const;

/** How many stand, and which don't. */
function summary(walls: readonly Wall[]): string {
  const those = (verdict: Verdict) => walls.filter((one) => one.verdict === verdict).map(({ wall }) => wall);
  const parts = [
    `${those('stands').length} of ${walls.length} walls stand`,
    ...(['gap', 'missing', 'not known'] as const).flatMap((verdict) => {
      const named = those(verdict);
      return named.length === 0 ? [] : [`${SUMMED[verdict]}: ${named.join(', ')}`];
    }),
  ];
  return parts.join('; ');
}
