import type { SearchResult } from 'minisearch';
import { find } from '../search-find.ts';
import { loadIndex } from './search-index.ts';

const IN_MASTHEAD = 8;
const ON_PAGE = 40;

/** The search fields: results while one types, as a list of links; the arrow keys go through it, Escape closes it. */
export function search(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form.search')) attach(form);
  for (const excuse of document.querySelectorAll('.without-script')) excuse.remove();
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
    const isSlash = event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isCtrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (!isSlash && !isCtrlK) return;
    event.preventDefault();
    const input = document.querySelector<HTMLInputElement>('form.search input');
    input?.focus({ preventScroll: true });
    input?.setSelectionRange(0, input.value.length);
  });
}

function attach(form: HTMLFormElement): void {
  const input = form.querySelector('input') as HTMLInputElement;
  const isPage = document.body.classList.contains('kind-search');
  const list = made('ul', { 'aria-label': 'Results' });
  const status = made('p', { class: 'status', role: 'status' });
  form.append(status, list);
  list.hidden = true;

  const ask = async () => {
    const words = input.value.trim();
    if (isPage) remember(words);
    const found = words === '' ? [] : find(await loadIndex(), words);
    if (input.value.trim() !== words) return; // more was typed meanwhile
    list.replaceChildren(...found.slice(0, isPage ? ON_PAGE : IN_MASTHEAD).map(shown));
    list.hidden = found.length === 0;
    status.textContent = words === '' ? '' : found.length === 0 ? 'Nothing found' : `${found.length} found`;
  };

  input.addEventListener('input', ask);
  input.addEventListener('focus', () => void loadIndex());
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !isPage && !list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the second empties the field
      list.hidden = true;
      input.focus();
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step([input, ...list.querySelectorAll('a')], event.key === 'ArrowDown' ? 1 : -1);
    }
  });
  if (isPage) {
    input.value = new URLSearchParams(location.search).get('q') ?? '';
    input.focus();
    void ask();
    form.addEventListener('submit', (event) => event.preventDefault());
  } else {
    form.addEventListener('focusout', ({ relatedTarget }) => {
      if (!form.contains(relatedTarget as Node | null)) list.hidden = true;
    });
  }
}

/** Moves the focus to the next of some elements, or the one before, and from the last to the first. */
function step(elements: readonly HTMLElement[], by: 1 | -1): void {
  const here = elements.indexOf(document.activeElement as HTMLElement);
  elements.at((here + by) % elements.length)?.focus();
}

function shown(result: SearchResult): HTMLElement {
  const item = made('li');
  const link = made('a', { href: (document.documentElement.dataset.root ?? '') + result.url });
  const title = made('b');
  title.append(...marked(result.title, result.terms));
  const place = made('span', { class: 'where' });
  const parts = new Set([result.kind, result.page, result.under]); // the glossary's page is called as its kind is
  place.textContent = [...parts].filter((part) => part && part !== result.title).join(' › ');
  const excerpt = made('span', { class: 'excerpt' });
  excerpt.append(...marked(around(result.text, result.terms), result.terms));
  link.append(title, ' ', place, ' ', excerpt);
  item.append(link);
  return item;
}

/** The part of a text where the first of the words stands, of whole words. */
function around(text: string, terms: readonly string[]): string {
  const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((place) => place >= 0);
  const first = Math.min(...places, text.length);
  const start = first > 60 && places.length > 0 ? text.lastIndexOf(' ', first - 40) + 1 : 0;
  const end = start + 170 < text.length ? text.lastIndexOf(' ', start + 170) : text.length;
  return `${start > 0 ? '… ' : ''}${text.slice(start, end)}${end < text.length ? ' …' : ''}`;
}

/** A text with the words marked. */
function marked(text: string, terms: readonly string[]): (string | HTMLElement)[] {
  const words = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).sort((a, b) => b.length - a.length);
  return text.split(new RegExp(`(${words.join('|')})`, 'i')).map((part, index) => {
    if (index % 2 === 0) return part;
    const mark = made('mark');
    mark.textContent = part;
    return mark;
  });
}

/** Keeps the words in the page's address. A page that was opened as a file has no say in that. */
function remember(words: string): void {
  try {
    history.replaceState(null, '', words === '' ? location.pathname : `?q=${encodeURIComponent(words)}`);
  } catch {}
}

function made(name: string, attributes: Record<string, string> = {}): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
