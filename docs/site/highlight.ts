import { bundledLanguages, bundledLanguagesAlias, createCssVariablesTheme, createHighlighter } from 'shiki';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { escaped } from './html.ts';
import { highlightTypeScript } from './typescript.ts';

/** Colours are classes: `site.css` gives each its value, for light and for dark. */
const theme = createCssVariablesTheme({ name: 'boxstep' });
const highlighter = await createHighlighter({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine() });

/** Languages that need no grammar. */
const PLAIN = ['', 'text', 'txt', 'console'];

/** Is it text, and not code? Its lines must stay as they are: it may be a drawing. */
export function isPlain(language: string): boolean {
  return PLAIN.includes(language);
}

/** What needs no grammar of shiki's. */
const TYPESCRIPT = ['ts', 'mjs', 'js', 'typescript', 'javascript'];

/** What the course's own files are written in. */
export const OURS = ['ts', 'mjs', 'json', 'sh', 'c', 'yaml'];

/** Makes ready the grammars of languages; of those that shiki doesn't know, nothing. */
export async function loadLanguages(languages: Iterable<string>): Promise<void> {
  const known = [...languages].filter(
    (language) => isLanguage(language) && !PLAIN.includes(language) && !TYPESCRIPT.includes(language),
  );
  await highlighter.loadLanguage(...(known as (keyof typeof bundledLanguages)[]));
}

/** Whether there is a grammar for a language, as it stands after the opening fence. */
export function isLanguage(language: string): boolean {
  return PLAIN.includes(language) || language in bundledLanguages || language in bundledLanguagesAlias;
}

/** The language of a file, by its name. */
export function languageOf(path: string): string {
  const ending = /[^./]+$/.exec(path)?.[0] ?? '';
  return OURS.includes(ending) ? ending : 'text';
}

/** Code as markup, line by line; of TypeScript, names lead to where they are described. The language's grammar must have been loaded. */
export function highlight(code: string, language: string, link?: (name: string) => string | undefined): string[] {
  if (PLAIN.includes(language)) return code.split('\n').map(escaped);
  if (TYPESCRIPT.includes(language)) return highlightTypeScript(code, link);
  const { tokens } = highlighter.codeToTokens(code, { lang: language as 'ts', theme: 'boxstep' });
  return tokens.map((line) => joined(line.map(({ content, color }) => ({ content, role: roleOf(color) }))));
}

interface Piece {
  readonly content: string;
  readonly role: string | undefined;
}

/** Neighbours of one colour share a span; blanks take their neighbour's. */
function joined(pieces: readonly Piece[]): string {
  const runs: { content: string; role: string | undefined }[] = [];
  for (const { content, role } of pieces) {
    const last = runs.at(-1);
    if (last && (last.role === role || content.trim() === '')) last.content += content;
    else runs.push({ content, role });
  }
  return runs
    .map(({ content, role }) => (role ? `<span class="t-${role}">${escaped(content)}</span>` : escaped(content)))
    .join('');
}

/** `var(--shiki-token-string-expression)` is a string; the foreground and punctuation have no colour of their own. */
function roleOf(color: string | undefined): string | undefined {
  const role = /--shiki-token-(\w+)/.exec(color ?? '')?.[1];
  return role === 'punctuation' ? undefined : role;
}
