import type { BoxRecord } from '../../containers/record.ts';
import { attributesOf } from '../../log/attributes.ts';

/** What `--log-opt labels=…` and `env=…` name of a container, as docker puts it before a line: `env=prod,os=linux`. */
export function details(record: BoxRecord): string {
  const pairs = Object.entries(attributesOf(record)).sort(([one], [other]) => (one < other ? -1 : 1));
  return pairs.map((pair) => pair.map(escaped).join('=')).join(',');
}

/** As in the query of a URL: Go's url.QueryEscape. */
function escaped(word: string): string {
  return new URLSearchParams([['', word]]).toString().slice(1);
}
