import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Token } from 'markdown-it';
import { type Problem, parse, ROOT } from './markdown.ts';

/** Every link and image of a README that leads to no file, or to no heading. Addresses on the web aren't visited. */
export function checkLinks(file: string, root = ROOT): Problem[] {
  return targets(parse(file)).flatMap(({ target, line }) => {
    const message = broken(target, file, root);
    return message ? [{ file, line, message: `${JSON.stringify(target)}: ${message}` }] : [];
  });
}

/** The names that GitHub gives a page's headings, and those that the page gives itself with `id` or `name`. */
export function anchors(file: string): Set<string> {
  const tokens = parse(file);
  const found = new Set<string>();
  for (const [index, { type }] of tokens.entries()) {
    if (type !== 'heading_open') continue;
    const name = slug(textOf(tokens[index + 1]));
    let unique = name;
    for (let nth = 1; found.has(unique); nth++) unique = `${name}-${nth}`;
    found.add(unique);
  }
  for (const { content } of flat(tokens).filter(isHtml)) {
    for (const [, id] of content.matchAll(/\s(?:id|name)="([^"]+)"/g)) found.add(id as string);
  }
  return found;
}

/** A heading's name in an address, as GitHub makes it. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{Nd}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

function broken(target: string, file: string, root: string): string | undefined {
  if (/^[a-z][a-z+.-]*:|^\/\//i.test(target)) return undefined;
  const [path = '', anchor] = decodeURIComponent(target).split('#', 2);
  const base = path.startsWith('/') ? join(root, path) : resolve(dirname(file), path);
  const there = path === '' ? file : base;
  if (relative(root, there).startsWith('..')) return 'leads out of the repository';
  if (!existsSync(there)) return `there is no ${relative(root, there)}`;
  return anchor === undefined ? undefined : brokenAnchor(there, anchor);
}

function brokenAnchor(file: string, anchor: string): string | undefined {
  const page = statSync(file).isDirectory() ? join(file, 'README.md') : file;
  const line = /^L(\d+)(?:-L(\d+))?$/.exec(anchor);
  if (line && !page.endsWith('.md')) {
    const last = Number(line[2] ?? line[1]);
    return last <= readFileSync(page, 'utf8').split('\n').length ? undefined : `the file has no line ${last}`;
  }
  const names = existsSync(page) && page.endsWith('.md') ? anchors(page) : new Set<string>();
  return names.has(anchor)
    ? undefined
    : `no heading is #${anchor}; there are ${[...names].map((name) => `#${name}`).join(' ')}`;
}

interface Target {
  readonly target: string;
  readonly line: number;
}

/** Where links and images lead. Only blocks know their line: it is that of the paragraph, then counted by its breaks. */
function targets(tokens: readonly Token[]): Target[] {
  return tokens.flatMap((block) => {
    let line = (block.map?.[0] ?? 0) + 1;
    return flat([block]).flatMap((token) => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') line++;
      const attribute = token.attrGet('href') ?? token.attrGet('src');
      if (attribute !== null) return [{ target: String(attribute), line }];
      return isHtml(token) ? htmlTargets(token.content).map((target) => ({ target, line })) : [];
    });
  });
}

function htmlTargets(html: string): string[] {
  const links = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, target]) => target as string);
  const sets = [...html.matchAll(/\ssrcset="([^"]*)"/g)].flatMap(([, set]) => (set as string).split(','));
  return [...links, ...sets.map((one) => one.trim().split(/\s+/)[0] as string)];
}

function isHtml({ type }: Token): boolean {
  return type === 'html_block' || type === 'html_inline';
}

function flat(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
}

function textOf(inline: Token | undefined): string {
  return flat(inline?.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('');
}
