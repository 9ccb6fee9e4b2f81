import type { Argument, ExplorerData, Line } from './types.ts';

/** A line as it stands in a page: what follows from something else is left out. */
type Packed = Omit<Line, 'kind' | 'text' | 'words' | 'args'> & {
  readonly kind?: Line['kind'];
  readonly text?: string;
  readonly words: string;
  readonly args?: readonly (readonly [name: string, text: string, raw?: string | 0])[];
};

/** A page's data, with its lines packed. */
type PackedData = Omit<ExplorerData, 'lines'> & { readonly lines: readonly Packed[] };

/** The data as a page holds it, as JSON: shorter by a quarter, and no part of it can end the script element. */
export function pack(data: ExplorerData): string {
  return JSON.stringify({ ...data, lines: data.lines.map(packed) }).replaceAll('<', '\\u003c');
}

/** The data that a page holds. */
export function unpack(json: string): ExplorerData {
  const data = JSON.parse(json) as PackedData;
  return { ...data, lines: data.lines.map(unpacked) };
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
