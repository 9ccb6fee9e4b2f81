import { RECORD, RECORD_BYTES } from '../../shared-native/src/record.ts';
import { textOf } from './html.ts';
import type { Argument, Engine, Line, StepFacts } from './types.ts';

/** All that there is to say of a line: its arguments and flags, its record, its undo, its manual page, its step. */
export function detail(line: Line, engine: Engine): string {
  return [args(line, engine), record(line, engine), alike(line), undo(line), origin(line, engine)].join('');
}

function args({ args = [] }: Line, engine: Engine): string {
  if (args.length === 0) return '';
  const rows = args.map(
    (one) => `<tr><th scope="row"><code>${textOf(one[0])}</code></th><td>${value(one, engine)}</td></tr>`,
  );
  return `<table><caption>Arguments</caption><tbody>${rows.join('')}</tbody></table>`;
}

/** An argument, and each of its flags with what it means. */
function value([, text]: Argument, { flags }: Engine): string {
  const names = text.match(/\b[A-Z][A-Z_\d]{3,}\b/g)?.filter((name) => flags[name] !== undefined) ?? [];
  const meanings = names.map((name) => `<li><code>${name}</code> ${textOf(flags[name] ?? '')}</li>`);
  const list = meanings.length > 0 ? `<ul>${meanings.join('')}</ul>` : '';
  const plain = names.join('|') === text ? '' : `<code>${breakable(text)}</code>`;
  return plain + list;
}

/** The record of a call, as it lies in memory: twelve words of eight bytes. */
function record({ name = '', args = [], least = 0, tolerates = 'none' }: Line, engine: Engine): string {
  const facts = engine.facts(name);
  if (!facts) return '';
  const cells = Array.from({ length: 6 }, (_, nth) => args[nth]);
  const words: [offset: number, what: string, holds: string][] = [
    [RECORD.result, 'result', 'the process writes it'],
    [RECORD.number, 'number', `${facts.x64}`],
    ...cells.map((arg, nth): [number, string, string] => [
      RECORD.arguments + 8 * nth,
      arg?.[0] ?? '',
      arg ? `→ ${arg[2] ?? arg[1]}` : '→ 0',
    ]),
    [RECORD.least, 'success', tolerates === 'any' ? 'anything' : `≥ ${least}`],
    [RECORD.tolerated, 'fine error', tolerates === 'any' ? 'none' : tolerates],
    [RECORD.next, 'next', '→ the record that follows'],
    [RECORD.other, 'other', '→ exit_group(127)'],
  ];
  const rows = words.map(
    ([offset, what, holds]) =>
      `<tr><td>${offset}</td><th scope="row">${textOf(what) || '<span class="explorer-none">unused</span>'}</th><td><code>${breakable(holds)}</code></td></tr>`,
  );
  return `<details class="explorer-record"><summary>Its record, ${RECORD_BYTES} bytes</summary><table><caption>What the trampoline reads: number ${textOf(facts.x64)} on x86-64, ${textOf(facts.arm64)} on arm64</caption><thead><tr><th scope="col">byte</th><th scope="col">field</th><th scope="col">holds</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`;
}

function alike({ alike = [] }: Line): string {
  if (alike.length === 0) return '';
  return `<p>${alike.length} calls that differ in one argument: ${alike.map((one) => `<code>${breakable(one)}</code>`).join(', ')}.</p>`;
}

function undo({ undo = [] }: Line): string {
  if (undo.length === 0) return '';
  return `<p>Undone, with all that belongs to it, by</p><pre tabindex="0"><code>${undo.map(textOf).join('\n')}</code></pre>`;
}

function origin({ step, field, name = '', manual }: Line, engine: Engine): string {
  const facts = engine.facts(name);
  const [title, address] = manual ?? [facts?.title, facts?.address];
  const lesson = engine.steps.find(({ number }) => number === step);
  const since =
    step === 0
      ? 'Part of every start, since step 1.'
      : `Added by step ${step}${lesson ? `, ${lessonLinks(lesson)}` : ''}.`;
  const by = field === undefined ? since : `There for <code>${textOf(field)}</code> in config.json.`;
  const page = address === undefined ? '' : ` <a href="${textOf(address)}">${textOf(title ?? '')}</a> in the manual.`;
  return `<p>${by}${page}</p>`;
}

/** A step's lesson, and its plan in the source. */
function lessonLinks({ title, folder }: StepFacts): string {
  const root = globalThis.document?.documentElement.dataset.root ?? '';
  return `<a href="${root}steps/${folder}.html">${textOf(title)}</a> (<a href="${root}source/steps/${folder}/src/plan.ts.html">its plan.ts</a>)`;
}

/** Code that may be broken after a separator. */
function breakable(text: string): string {
  return textOf(text).replace(/[|,/:]/g, '$&<wbr>');
}
