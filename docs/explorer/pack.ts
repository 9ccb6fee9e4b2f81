import { Numbered } from './numbered.ts';
import type { Argument, ExplorerData, Line, Section, StepData } from './types.ts';

/** A line as it stands in a page: what follows from something else is left out. */
type Packed = Omit<Line, 'kind' | 'text' | 'words' | 'args'> & {
  readonly kind?: Line['kind'];
  readonly text?: string;
  readonly words: string;
  readonly args?: readonly (readonly [name: string, text: string, raw?: string | 0])[];
};

/** A list of a section stands in a table, once, and here is its number there: most are in many combinations and steps. */
type PackedSection = Omit<Section, 'lists'> & { readonly lists: readonly number[] };

/** A page's data, with its lines and lists packed. */
type PackedData = Omit<ExplorerData, 'lines' | 'steps'> & {
  readonly lines: readonly Packed[];
  readonly steps: readonly StepOf<PackedSection>[];
  readonly lists: readonly PackedList[];
};

/** A list as what it has in common with the one before it: so many numbers at its start, so many at its end; and those between. */
type PackedList = readonly [start: number, end: number, ...between: number[]];

type StepOf<S> = Omit<StepData, 'sections'> & { readonly sections: readonly S[] };

/** The data as a page holds it, as JSON: half as long, and no part of it can end the script element. */
export function pack(data: ExplorerData): string {
  const lists = new Numbered<readonly number[]>();
  const steps = withSections(
    data.steps,
    (section: Section): PackedSection => ({
      ...section,
      lists: section.lists.map((list) => lists.numberOf(list)),
    }),
  );
  const all: PackedData = { ...data, lines: data.lines.map(packed), steps, lists: packedLists(lists.all) };
  return JSON.stringify(all).replaceAll('<', '\\u003c');
}

/** The data that a page holds. */
export function unpack(json: string): ExplorerData {
  const { lists: table, ...data } = JSON.parse(json) as PackedData;
  const lists = unpackedLists(table);
  const steps = withSections(
    data.steps,
    (section: PackedSection): Section => ({
      ...section,
      lists: section.lists.map((number) => lists[number] ?? []),
    }),
  );
  return { ...data, lines: data.lines.map(unpacked), steps };
}

function packedLists(lists: readonly (readonly number[])[]): PackedList[] {
  return lists.map((list, nth) => {
    const before = lists[nth - 1] ?? [];
    const most = Math.min(list.length, before.length);
    const start = common(most, (at) => list[at] === before[at]);
    const end = common(most - start, (at) => list.at(-1 - at) === before.at(-1 - at));
    return [start, end, ...list.slice(start, list.length - end)];
  });
}

function unpackedLists(table: readonly PackedList[]): number[][] {
  const lists: number[][] = [];
  for (const [start, end, ...between] of table) {
    const before = lists.at(-1) ?? [];
    lists.push([...before.slice(0, start), ...between, ...before.slice(before.length - end)]);
  }
  return lists;
}

/** For how many numbers from 0 on something is so, at most so many. */
function common(most: number, isSame: (at: number) => boolean): number {
  let many = 0;
  while (many < most && isSame(many)) many++;
  return many;
}

function withSections<S, T>(steps: readonly StepOf<S>[], change: (section: S) => T): StepOf<T>[] {
  return steps.map((step) => ({ ...step, sections: step.sections.map(change) }));
}

function packed({ kind, text, args, ...line }: Line): Packed {
  return {
    ...line,
    ...(kind !== 'call' && { kind }),
    ...(text !== textOf({ ...line, args }) && { text }),
    ...(args && { args: args.map(packedArgument) }),
  };
}

function unpacked({ kind = 'call', text, args, ...line }: Packed): Line {
  const all = args?.map(unpackedArgument);
  return { kind, text: text ?? textOf({ ...line, args: all }), ...line, ...(all && { args: all }) };
}

// Nearly all that isn't a plain number is the address of what is shown.
function packedArgument(argument: Argument): readonly [string, string, (string | 0)?] {
  const [name, text, raw] = argument;
  return raw === addressOf(text) ? [name, text, 0] : argument;
}

function unpackedArgument([name, text, raw]: readonly [string, string, (string | 0)?]): Argument {
  if (raw === 0) return [name, text, addressOf(text)];
  return raw === undefined ? [name, text] : [name, text, raw];
}

function addressOf(text: string): string {
  return `the address of ${text}`;
}

function textOf({ name, args = [] }: { name?: string; args?: readonly Argument[] | undefined }): string {
  return `${name}(${args.map(([, text]) => text).join(', ')})`;
}
