import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import MiniSearch from 'minisearch';
import { expect, test } from 'vitest';
import { find as search } from '../site/search-find.ts';
import { type Entry, OPTIONS } from '../site/search-options.ts';
import { site } from './workspace.ts';

/** The index that a site's script brings. */
async function indexOf(files: Record<string, string>) {
  const { out } = await site(files);
  const packed = /'(.*)'/.exec(readFileSync(join(out, 'assets/search-index.js'), 'utf8'))?.[1] ?? '';
  const index = MiniSearch.loadJSON(gunzipSync(Buffer.from(packed, 'base64')).toString(), OPTIONS);
  return (words: string) => search(index, words).map(({ kind, url, title }) => [kind, url, title]);
}

test('the search finds lessons by heading, and terms', async () => {
  const find = await indexOf({
    'steps/01-first/README.md':
      '# One\n\n## The idea\n\nThe file `pids.max` is a limit.\n\n### More\n\nMoves the _root_ by pivot_root.\n',
  });
  expect(find('limit')).toEqual([['Step 1', 'steps/01-first.html#the-idea', 'The idea']]);
  expect(find('pivot_root')).toEqual([['Step 1', 'steps/01-first.html#more', 'More']]);
  expect(find('cgroup')).toEqual([['Glossary', 'glossary.html#cgroup', 'cgroup']]);
});

test('the search finds the capstone’s lessons', async () => {
  const find = await indexOf({ 'capstone/README.md': '# Time: a small Docker\n\n## The idea\n\nA watchman.\n' });
  expect(find('watchman')).toEqual([['Capstone', 'capstone.html#the-idea', 'The idea']]);
});

test('the search knows a name such as pids.max whole and by its parts', async () => {
  const find = await indexOf({ 'steps/01-first/README.md': '# One\n\n## The idea\n\n`pids.max`.\n' });
  expect([find('pids.max'), find('pids'), find('max')].map((found) => found.length)).toEqual([1, 1, 1]);
});

test('the search doesn’t know what stands in code blocks', async () => {
  const find = await indexOf({ 'steps/01-first/README.md': '# One\n\n```sh\nsupercalifragilistic\n```\n' });
  expect(find('supercalifragilistic')).toEqual([]);
});

const MANY = `# One\n\n${['a', 'b', 'c'].map((name) => `## Of clone and ${name}\n\nclone clone clone\n`).join('\n')}`;

test('the search puts what has exactly that name before headings that only mention it', async () => {
  const find = await indexOf({
    'steps/01-first/README.md': MANY,
    'docs/glossary.md': '# Glossary\n\n## clone\n\nA call.\n\n## pivot_root\n\nA call.\n\n## root\n\nA place.\n',
  });
  expect([find('clone')[0], find('clone').length]).toEqual([['Glossary', 'glossary.html#clone', 'clone'], 4]);
  expect(find('pivot_root(2)')[0]).toEqual(['Glossary', 'glossary.html#pivot_root', 'pivot_root']);
});

test('the search knows readers’ own words for what the course calls something else, and the home page', async () => {
  const find = await indexOf({
    'steps/01-first/README.md': '# One\n\n## The exit status\n\nA number.\n',
    'docs/instructors.md': '# For instructors\n\nTen weeks.\n',
  });
  expect(find('exit code').map(([, , title]) => title)).toEqual(['The exit status']);
  expect(find('teacher').map(([, , title]) => title)).toEqual(['For instructors']);
  expect(find('getting started')[0]).toEqual(['Home', 'index.html#start', 'Start']);
});

test('the search puts the lesson on a subject before a function of that name', () => {
  const index = new MiniSearch<Entry>(OPTIONS);
  const entry = (kind: string, title: string, text: string) => ({ url: title, title, page: title, kind, text });
  const lesson = 'Limits: memory, CPU and disk';
  const all = [
    entry('API', 'memory', 'How much memory there is.'),
    entry('Step 3', lesson, 'What a container may use.'),
  ];
  index.addAll(all.map((one, id) => ({ id, ...one })));
  expect(search(index, 'memory').map(({ title }) => title)).toEqual([lesson, 'memory']);
});
