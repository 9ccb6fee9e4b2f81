import { type Consequence, consequence } from './consequence.ts';
import { textOf } from './html.ts';
import { find } from './page.ts';
import { askedBy, type State } from './state.ts';
import type { Engine, Trace } from './types.ts';

const GUESSES: Readonly<Record<Consequence['outcome'], string>> = {
  stops: 'It stops before your program starts',
  different: 'Your program starts, and something is different',
  same: 'Your program starts, and nothing is different',
};

/** What comes of leaving lines out, which `trace` is without: the reader guesses first. */
export function whatIf(root: HTMLElement, engine: Engine, state: State, trace: Trace): void {
  const place = find(root, '.explorer-what-if');
  const { without = [] } = state;
  place.hidden = without.length === 0;
  const panel = find(root, '.explorer-panel');
  panel.hidden = without.length > 0; // until there is a guess: it shows what comes of it
  if (without.length === 0) return;
  const told = consequence(engine.trace(askedBy(engine, state)), trace);
  const lines = without.map((at) => root.querySelector(`[data-at="${at}"] .explorer-code`)?.textContent ?? at);
  const buttons = Object.entries(GUESSES).map(
    ([id, text]) => `<button type="button" data-guess="${id}">${text}</button>`,
  );
  place.innerHTML = `<h3>Without ${lines.map((line) => `<code>${textOf(line)}</code>`).join(', ')}</h3><p>What will happen?</p><p class="explorer-guesses">${buttons.join(' ')}</p><div role="status"></div>`;
  place.onclick = ({ target }) => {
    const { guess } = (target as HTMLElement).dataset;
    if (guess === undefined) return;
    find(place, '[role=status]').innerHTML = answerHtml(guess, told);
    panel.hidden = false;
  };
}

function answerHtml(guess: string, { outcome, sentences }: Consequence): string {
  const verdict = guess === outcome ? 'Yes.' : `No: ${GUESSES[outcome][0]?.toLowerCase()}${GUESSES[outcome].slice(1)}.`;
  const [shown, rest] = [sentences.slice(0, 6), sentences.length - 6];
  const more = rest > 0 ? `<li>and ${rest} more, which the player shows.</li>` : '';
  return `<p><b>${textOf(verdict)}</b></p><ul>${shown.map((one) => `<li>${textOf(one)}</li>`).join('')}${more}</ul>`;
}
