import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Token } from 'markdown-it';
import postcss from 'postcss';
import { escaped } from './html.ts';
import type { Problems } from './problems.ts';
import type { Urls } from './urls.ts';

const DARK = /\(\s*prefers-color-scheme:\s*dark\s*\)/;

/**
 * A picture. An SVG becomes part of the page: its text is real text, and it follows the page's light or dark.
 * Other pictures are copied beside the page.
 */
export function picture(token: Token, at: { file: string; url: string }, urls: Urls, problems: Problems): string {
  const src = String(token.attrGet('src'));
  const alt = token.content;
  if (/^[a-z]+:/i.test(src)) return report('a picture from the web would not be there offline');
  const file = resolve(dirname(at.file), src);
  if (!existsSync(file)) return ''; // the check of links has told
  if (alt === '') return report('a picture needs a text for those who cannot see it: ![text](…)');
  if (!file.endsWith('.svg')) return `<img src="${urls.relative(at.url, urls.asset(file))}" alt="${escaped(alt)}">`;
  return inlineSvg(readFileSync(file, 'utf8'), `picture-${basename(file, '.svg')}`, alt);

  function report(message: string): string {
    problems.add(at.file, Number(token.meta?.line), `the picture ${JSON.stringify(src)}: ${message}`);
    return '';
  }
}

/** For a screen on which the whole picture is too small to read. Shown by the script, since it is nothing without. */
const ENLARGE = '<button class="enlarge" type="button" aria-pressed="false" hidden>Enlarge</button>';

/** An SVG's markup for a page that it shares with other pictures: its styles hold for itself only. */
export function inlineSvg(svg: string, id: string, alt: string): string {
  const label = /\saria-labelledby=/.test(svg) ? '' : ` role="img" aria-label="${escaped(alt)}"`;
  const scoped = svg
    .replace(/^\s*<\?xml[^>]*>\s*/, '')
    .replace(/<!--.*?-->\s*/gs, '')
    .replace(/<style>(.*?)<\/style>/gs, (_, css) => `<style>${scopedStyles(css, `#${id}`)}</style>`)
    .replace('<svg', `<svg id="${id}"${label}`);
  return `<div class="scrolls" role="group" aria-label="Picture">${scoped.replace(/\n\s*\n/g, '\n').trim()}</div>${ENLARGE}`;
}

/** Styles that hold below one element; what they say of the dark holds where the page is dark, whoever decided that. */
export function scopedStyles(css: string, scope: string): string {
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    rule.selectors = rule.selectors.map((one) => (/^svg\b/.test(one) ? one.replace('svg', scope) : `${scope} ${one}`));
  });
  root.walkAtRules('media', (media) => {
    if (!DARK.test(media.params)) return;
    const chosen = media.clone().nodes ?? [];
    media.walkRules((rule) => {
      rule.selectors = rule.selectors.map((one) => `:root:not([data-theme="light"]) ${one}`);
    });
    for (const node of [...chosen].reverse()) {
      if (node.type === 'rule') node.selectors = node.selectors.map((one) => `:root[data-theme="dark"] ${one}`);
      media.after(node);
    }
  });
  return root.toString();
}
