import MiniSearch from 'minisearch';
import { type Entry, OPTIONS } from '../search-options.ts';

let loading: Promise<MiniSearch<Entry>> | undefined;

/** The index, fetched at the first question: as a script, because a page that was opened as a file can load no other. */
export function loadIndex(): Promise<MiniSearch<Entry>> {
  loading ??= new Promise<string>((done, failed) => {
    Object.assign(window, { boxstepSearch: done });
    const script = document.createElement('script');
    script.src = `${document.documentElement.dataset.root ?? ''}assets/search-index.js`;
    script.onerror = () => failed(new Error(`could not load ${script.src}`));
    document.head.append(script);
  }).then(async (packed) => MiniSearch.loadJSON<Entry>(await unpacked(packed), OPTIONS));
  return loading;
}

function unpacked(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}
