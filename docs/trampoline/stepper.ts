import { playable } from '../explorer/slider.ts';
import { REGISTERS } from './interpreter.ts';
import { hex, programItems, recordRows } from './record.ts';
import { type Moment, moments } from './trace.ts';
import type { Laid, Run } from './types.ts';
import { words } from './words.ts';

const EVERY = 700; // milliseconds

/** Steps through the trampoline's instructions. All moments are there from the beginning, so it goes back as well. */
function stepper(root: HTMLElement): void {
  const find = <E extends HTMLElement = HTMLElement>(selector: string) => root.querySelector(selector) as E;
  const laid = JSON.parse(find('script').textContent) as Laid;
  const slider = find<HTMLInputElement>('[type=range]');
  const play = find<HTMLButtonElement>('[data-do=play]');
  const lines = [...root.querySelectorAll('.trampoline-code li')];
  let all: readonly Moment[] = [];

  const show = (index: number) => {
    const now = all[index] as Moment;
    const before = all[index - 1];
    const text = words(laid, before, now);
    lines.forEach(
      (line, nth) =>
        void (nth === now.next ? line.setAttribute('aria-current', 'step') : line.removeAttribute('aria-current')),
    );
    keepInSight(lines[now.next]);
    find('.trampoline-now').textContent = text;
    slider.setAttribute('aria-valuetext', `${index + 1} of ${all.length}: ${text}`);
    find('.trampoline-registers').innerHTML = registersHtml(now, before);
    find('.trampoline-record caption').textContent = `The record at rbx, ${hex(now.registers.rbx)}`;
    find('.trampoline-record tbody').innerHTML = recordRows(laid, now);
    find('.trampoline-program').innerHTML = programItems(laid, now);
  };
  const { here, moveTo, stop, buttons } = playable(slider, play, EVERY, show);
  const begin = (run: Run) => {
    all = moments(laid, run);
    slider.max = String(all.length - 1);
    stop();
    moveTo(0);
  };
  const syscall = laid.code.findIndex(([, assembly]) => assembly === 'syscall');
  const doing: Readonly<Record<string, () => void>> = {
    ...buttons,
    call() {
      const next = all.findIndex(({ next }, nth) => nth > here() && next === syscall);
      moveTo(next === -1 ? all.length - 1 : next);
    },
  };
  root.addEventListener('click', ({ target }) => doing[(target as HTMLElement).dataset.do ?? '']?.());
  root.addEventListener('change', ({ target }) => {
    const { name, value } = target as HTMLInputElement;
    const run = laid.runs[Number(value)];
    if (name === 'trampoline-run' && run) begin(run);
  });
  root.hidden = false;
  begin(laid.runs[0] as Run);
}

/** Each register, with what the last instruction changed marked; and what the last comparison found. */
function registersHtml({ registers, flags }: Moment, before: Moment | undefined): string {
  const rows = REGISTERS.map((name) => {
    const isChanged = before !== undefined && before.registers[name] !== registers[name];
    const value = registers[name];
    return `<div${isChanged ? ' data-touched' : ''}><dt>${name}</dt><dd>${value > 0xffffn ? hex(value) : value}</dd></div>`;
  });
  const found = flags.same ? 'same' : flags.less ? 'less' : 'greater';
  const isChanged = before !== undefined && before.flags !== flags;
  return `${rows.join('')}<div${isChanged ? ' data-touched' : ''}><dt>compared</dt><dd>${found}</dd></div>`;
}

/** On a narrow screen the code is a box that scrolls: the page itself stays where it is. */
function keepInSight(line: Element | undefined): void {
  const box = line?.parentElement;
  if (!line || !box || box.scrollHeight <= box.clientHeight) return;
  box.scrollTop = (line as HTMLElement).offsetTop - box.offsetTop - box.clientHeight / 2;
}

for (const root of document.querySelectorAll<HTMLElement>('[data-trampoline]')) stepper(root);
