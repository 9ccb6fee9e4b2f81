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
  readonly lists: readonly (readonly number[])[];
};

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
  const all: PackedData = { ...data, lines: data.lines.map(packed), steps, lists: lists.all };
  return JSON.stringify(all).replaceAll('<', '\\u003c');
}

/** The data that a page holds. */
export function unpack(json: string): ExplorerData {
  const { lists, ...data } = JSON.parse(json) as PackedData;
  const steps = withSections(
    data.steps,
    (section: PackedSection): Section => ({
      ...section,
      lists: section.lists.map((number) => lists[number] ?? []),
    }),
  );
  return { ...data, lines: data.lines.map(unpacked), steps };
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
