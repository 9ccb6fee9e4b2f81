import type MiniSearch from 'minisearch';
import type { SearchResult } from 'minisearch';
import type { Entry } from './search-options.ts';

/** What readers call things, and what the course calls them: a search for the first also looks for the second. */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:exit|return) codes?\b/, 'exit status'],
  [/\b(?:teach|teachers?|teaching|professors?|lecturers?|instructors?)\b/, 'instructor'],
  [/\b(?:mac|os x|osx|apple|windows|wsl)\b/, 'macOS'],
  [/\b(?:getting started|get started|install(?:ation)?|set ?up|quick ?start)\b/, 'start'],
  [/\b(?:exercises?|assignments?)\b/, 'homework'],
  [/\b(?:marks?|points|scores?)\b/, 'grading'],
  [/\b(?:ram|oom)\b/, 'memory'],
  [/\b(?:processors?|cores?)\b/, 'cpu'],
  [/\b(?:volumes?|bind)\b/, 'bind mount'],
  [/\b(?:tty|console)\b/, 'terminal'],
  [/\bsyscalls?\b/, 'system call'],
  [/\b(?:env|variables?)\b/, 'environment'],
  [/\b(?:fd|fds|file handles?)\b/, 'descriptor'],
  [/\b(?:ports?|publish)\b/, 'published port'],
  [/\b(?:unprivileged|without root)\b/, 'rootless'],
  [/\b(?:overlay2?|union)\b/, 'overlayfs'],
  [/\bcontrol groups?\b/, 'cgroup'],
];

/** What an index has on some words, best first: what has exactly that name comes before what only mentions it. */
export function find(index: MiniSearch<Entry>, words: string): SearchResult[] {
  const small = words.toLowerCase().replace(/\(.*\)$/, ''); // of pivot_root(2), the name
  const others = OTHER_WORDS.filter(([said]) => said.test(small)).map(([said, ours]) => small.replace(said, ours));
  return index.search(
    { combineWith: 'OR', queries: [small, ...others].map((one) => ({ combineWith: 'AND', queries: [one] })) },
    {
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boost: { title: 3 },
      boostDocument: (_id, _term, stored) => weight(stored as Entry | undefined, [small, ...others]),
    },
  );
}

function weight(entry: Entry | undefined, asked: readonly string[]): number {
  if (!entry) return 1;
  const byKind = entry.kind === 'API' ? 0.6 : entry.kind === 'Glossary' ? 1.5 : 1;
  if (asked.some((words) => isLessonOn(words, entry))) return 280;
  if (asked.includes(entry.title.toLowerCase())) return (entry.kind === 'API' ? 100 : 200) * byKind;
  return asked.some((words) => nameOf(words) === nameOf(entry.title)) ? 50 * byKind : byKind;
}

/** Does a lesson's own title have these words? It explains what a function of that name only does. */
function isLessonOn(words: string, { kind, title, page }: Entry): boolean {
  const named = title.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
  return kind.startsWith('Step ') && title === page && words.split(' ').every((word) => named.includes(word));
}

/** `pivot_root` and `pivotRoot` are one name, after the one that is spelled as it was asked for. */
function nameOf(words: string): string {
  return words.toLowerCase().replaceAll('_', '').trim();
}
