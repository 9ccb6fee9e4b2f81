import { rowsBeside } from './panel.ts';
import type { Group, Row, Trace } from './types.ts';

/** What comes of a plan that lacks a line. */
export interface Consequence {
  readonly outcome: 'same' | 'different' | 'stops';
  /** In words, the most important first. */
  readonly sentences: readonly string[];
}

/** Compares a plan's end in the model with that of the same plan without some lines. */
export function consequence(whole: Trace, without: Trace): Consequence {
  const host = rowsBeside(whole.host, without.host).filter(({ mark }) => mark !== 'same');
  const onHost = host.map(({ row, mark }) => hostSentence(row, mark));
  const out = without.wayOut && !whole.wayOut ? [`Through ${without.wayOut}, it can reach the host’s files.`] : [];
  if (without.stopped !== undefined)
    return { outcome: 'stops', sentences: [`It stops here: ${without.stopped}`, ...out, ...onHost] };
  const inside = differences(whole.last, without.last);
  const sentences = [...out, ...onHost, ...inside];
  if (sentences.length > 0) return { outcome: 'different', sentences };
  return {
    outcome: 'same',
    sentences: [
      'Your program starts as before, and the model shows no difference in what it knows: mounts, namespaces, cgroups, ids, capabilities, descriptors, networks. It can’t tell what else the line is for: the content of files, other containers, what happens later.',
    ],
  };
}

function hostSentence([name, text]: Row, mark: string): string {
  const what = name.trim();
  if (name === 'hostname') return `The host itself is now called ${text}.`;
  if (/^(interface|firewall table) /.test(name))
    return mark === 'changed'
      ? `The host’s ${name} is changed: ${text}.`
      : `The host ${mark === 'gone' ? 'lacks' : 'has'} the ${name}.`;
  if (name.startsWith('net.')) return `On the host, ${name} is ${mark === 'gone' ? 'not set' : text}.`;
  return mark === 'gone'
    ? `The host no longer has the mount ${what}.`
    : `On the host, too, this is now mounted: ${what} (${text}).`;
}

function differences(whole: readonly Group[], without: readonly Group[]): string[] {
  return without.flatMap(({ title, rows }) => {
    const before = whole.find((group) => group.title === title)?.rows ?? [];
    const marked = rowsBeside(before, rows).filter(({ mark }) => mark !== 'same');
    return marked.map(({ row: [name, text], mark, was }) => {
      const what = `${title}: ${name.trim()}`;
      if (mark === 'gone') return `${what} is missing.`;
      return mark === 'new' ? `${what} is there: ${text}.` : `${what} is ${text}, not ${was}.`;
    });
  });
}
