import type { BoxRecord } from '../../containers/record.ts';
import { attributesOf } from '../../log/attributes.ts';

/** What `--log-opt labels=…` and `env=…` name of a container, as docker puts it before a line: `env=prod,os=linux`. */
export function details(record: BoxRecord): string {
  return Object.entries(attributesOf(record))
    .map((pair) => pair.map(escaped).join('='))
    .join(',');
}

/** As in the query of a URL: Go's url.QueryEscape. */
function escaped(word: string): string {
  return new URLSearchParams([['', word]]).toString().slice(1);
}
