import type { TemplateFunction } from './functions.ts';
import type { Branch, Command, Node, Operand, Pipe, Reference } from './parse.ts';
import { NO_VALUE, pairsOf, printed, Struct, truth, typeOf } from './values.ts';

/** How a template is filled in. */
export interface Filling {
  readonly functions: Readonly<Record<string, TemplateFunction>>;
  /** Is a key that a map doesn't have an error, not `<no value>`? */
  readonly strict?: boolean;
}

/** The values that names stand for. */
interface Scope {
  readonly dot: unknown;
  /** The innermost last. */
  readonly variables: Variable[];
}

interface Variable {
  readonly name: string;
  value: unknown;
}

/** Leaves the innermost `range`, or this turn of it. */
class Leave {
  readonly type: 'break' | 'continue';
  readonly out: string;

  constructor(type: 'break' | 'continue', out: string) {
    this.type = type;
    this.out = out;
  }
}

/**
 * Fills in a template that was read.
 *
 * @throws {Error} with Go's words: `template: :1:2: executing "" at <.Nmae>: …`
 */
export function execute(template: string, nodes: readonly Node[], data: unknown, filling: Filling): string {
  let executing = ''; // the template's name: that of a format is empty
  return list(nodes, { dot: data, variables: [{ name: '$', value: data }] });

  function list(nodes: readonly Node[], outer: Scope): string {
    const scope = { ...outer, variables: [...outer.variables] };
    let out = '';
    for (const node of nodes) {
      try {
        out += filled(node, scope);
      } catch (leave) {
        throw leave instanceof Leave ? new Leave(leave.type, out + leave.out) : leave;
      }
    }
    return out;
  }

  function filled(node: Node, scope: Scope): string {
    switch (node.type) {
      case 'text':
        return node.text;
      case 'action': {
        const value = pipe(node.pipe, scope);
        return node.pipe.variables.length > 0 ? '' : value === NO_VALUE ? '<no value>' : printed(value);
      }
      case 'define':
        return '';
      case 'template':
        return other(node, scope);
      case 'range':
        return range(node, scope);
      case 'if':
      case 'with':
        return branch(node, { ...scope, variables: [...scope.variables] });
      default:
        throw new Leave(node.type, '');
    }
  }

  /** Another template, which sees what it is given, and no variables. */
  function other({ name, pipe: given, place, defined }: Reference, scope: Scope): string {
    const nodes = defined.get(name);
    if (!nodes) throw fault(place, `template ${JSON.stringify(name)} not defined`);
    const dot = given === undefined ? NO_VALUE : pipe(given, scope);
    const outer = executing;
    executing = name;
    const out = list(nodes, { dot, variables: [{ name: '$', value: dot }] });
    executing = outer;
    return out;
  }

  function branch({ type, pipe: given, body, otherwise }: Branch, scope: Scope): string {
    const value = pipe(given, scope);
    if (!truth(value)) return list(otherwise, scope);
    return list(body, type === 'with' ? { ...scope, dot: value } : scope);
  }

  function range({ pipe: given, body, otherwise }: Branch, outer: Scope): string {
    const value = pipe({ ...given, variables: [] }, outer);
    const pairs = turns(value, given);
    let out = '';
    for (const [key, dot] of pairs) {
      const scope = { dot, variables: [...outer.variables] };
      const [first, second] = given.variables;
      if (first !== undefined) assign(scope, first, second === undefined ? dot : key, given.declares);
      if (second !== undefined) assign(scope, second, dot, given.declares);
      try {
        out += list(body, scope);
      } catch (leave) {
        if (!(leave instanceof Leave)) throw leave;
        out += leave.out;
        if (leave.type === 'break') break;
      }
    }
    return pairs.length === 0 ? list(otherwise, outer) : out;
  }

  function turns(value: unknown, place: Pipe): (readonly [unknown, unknown])[] {
    if (value === undefined || value === null) return [];
    if (typeof value === 'number' && Number.isInteger(value)) return Array.from({ length: value }, (_, at) => [at, at]);
    if (typeof value === 'object' && !(value instanceof Struct)) return pairsOf(value);
    throw fault(lastOf(place), `range can't iterate over ${printed(value)}`);
  }

  function pipe({ commands, variables, declares }: Pipe, scope: Scope): unknown {
    let piped: readonly unknown[] = [];
    for (const one of commands) piped = [command(one, scope, piped)];
    for (const name of variables) assign(scope, name, piped[0], declares);
    return piped[0];
  }

  function assign({ variables }: Scope, name: string, value: unknown, declares: boolean) {
    const known = variables.findLast((one) => one.name === name);
    if (declares || !known) variables.push({ name, value });
    else known.value = value;
  }

  function command(one: Command, scope: Scope, piped: readonly unknown[]): unknown {
    const [first, ...rest] = one.operands as [Operand, ...Operand[]];
    if (first.kind === 'function') return fieldsOf(first, called(one, first.name, rest, scope, piped));
    if (first.fields.length > 0)
      return field(first, termOf(first, scope), [...rest.map((operand) => value(operand, scope)), ...piped]);
    if (rest.length + piped.length > 0) throw fault(first, `can't give argument to non-function ${first.text}`);
    return value(first, scope);
  }

  function value(one: Operand, scope: Scope): unknown {
    if (one.kind === 'function') return fieldsOf(one, called(one, one.name, [], scope, []));
    return one.fields.length > 0 ? field(one, termOf(one, scope), []) : termOf(one, scope);
  }

  function termOf(one: Operand, scope: Scope): unknown {
    if (one.kind === 'constant') return one.value;
    if (one.kind === 'parentheses') return pipe(one.pipe, scope);
    if (one.kind === 'variable') return scope.variables.findLast(({ name }) => name === one.name)?.value;
    return scope.dot;
  }

  function fieldsOf(one: Operand, of: unknown): unknown {
    return one.fields.length > 0 ? field(one, of, []) : of;
  }

  /** What a chain of fields leads to. The last may be a method, which gets the arguments. */
  function field(one: Operand, of: unknown, args: readonly unknown[]): unknown {
    return one.fields.reduce((value, name, at) => {
      const isLast = at === one.fields.length - 1;
      const found = fieldNamed(one, value, name);
      if (typeof found === 'function') return found(...(isLast ? args : []));
      if (isLast && args.length > 0) throw fault(one, `${name} is not a method but has arguments`);
      return found;
    }, of);
  }

  function fieldNamed(place: Operand, value: unknown, name: string): unknown {
    if (value === undefined && filling.strict) throw fault(place, `nil data; no entry for key ${JSON.stringify(name)}`);
    if (value === undefined) return NO_VALUE;
    if (value === null) throw fault(place, `nil pointer evaluating interface {}.${name}`);
    if (typeof value !== 'object' || Array.isArray(value))
      throw fault(place, `can't evaluate field ${name} in type ${filling.strict ? 'interface {}' : typeOf(value)}`);
    if (Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
    if (value instanceof Struct) throw fault(place, `can't evaluate field ${name} in type ${typeOf(value)}`);
    if (filling.strict) throw fault(place, `map has no entry for key ${JSON.stringify(name)}`);
    return NO_VALUE;
  }

  function called(
    place: Command | Operand,
    name: string,
    operands: readonly Operand[],
    scope: Scope,
    piped: readonly unknown[],
  ): unknown {
    const { takes, variadic, call } = filling.functions[name] as TemplateFunction;
    const count = operands.length + piped.length;
    if (variadic ? count < takes.length - 1 : count !== takes.length) {
      const want = variadic ? `at least ${takes.length - 1}` : takes.length;
      throw fault({ ...place, text: name }, `wrong number of args for ${name}: want ${want} got ${count}`);
    }
    const values: unknown[] = [];
    for (const operand of operands) {
      values.push(value(operand, scope));
      if ((name === 'and' || name === 'or') && truth(values.at(-1)) === (name === 'or')) return values.at(-1);
    }
    values.push(...piped);
    for (const [at, one] of values.entries()) assertType(operands[at] ?? place, one, takes[at] ?? takes.at(-1));
    if (name === 'call')
      throw fault(
        place,
        `error calling call: non-function ${(operands[0] ?? place).text} of type ${typeOf(values[0])}`,
      );
    try {
      return call(...values);
    } catch (error) {
      throw fault(place, `error calling ${name}: ${(error as Error).message}`);
    }
  }

  function assertType(place: { at: number; text: string; kind?: string }, value: unknown, wanted?: string) {
    if (wanted === 'any' || wanted === typeOf(value)) return;
    if (wanted === '[]string' && (Array.isArray(value) || value === undefined || value === null)) return;
    if (place.kind === 'constant')
      throw fault(place, `expected ${wanted === 'int' ? 'integer' : wanted}; found ${place.text}`);
    if (value === undefined || value === null) throw fault(place, `invalid value; expected ${wanted}`);
    throw fault(place, `wrong type for value; expected ${wanted}; got ${typeOf(value)}`);
  }

  function fault({ at, text }: { at: number; text: string }, why: string): Error {
    const lines = template.slice(0, at).split('\n');
    return new Error(
      `template: :${lines.length}:${lines.at(-1)?.length}: executing ${JSON.stringify(executing)} at <${text}>: ${why}`,
    );
  }
}

/** What Go looked at last before it goes round. */
function lastOf(place: Pipe): { at: number; text: string } {
  return place.commands.at(-1)?.operands.at(-1) ?? place;
}
