import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Html, html } from './html.ts';

const part = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

const [STYLE, SCRIPT] = [part('page.css'), part('table.js')];

/** What the policy lets run; the same on every page. */
const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64');

/**
 * A page that needs nothing else: no network, and no script but for sorting and filtering. What students wrote is text,
 * and should some of it ever not be, the policy lets no script run but this one.
 */
export function frame(title: string, body: Html, scripted = false): string {
  const script = scripted ? ` script-src 'sha256-${SCRIPT_HASH}'` : '';
  const policy = `default-src 'none'; style-src 'unsafe-inline';${script}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<h1>${title}</h1>
${body}
${scripted ? html`<script>${raw(SCRIPT)}</script>` : ''}
</body>
</html>
`.text;
}

function raw(text: string): Html {
  return { text };
}
