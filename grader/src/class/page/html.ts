/** Text that is HTML: whatever else comes into a page is escaped. */
export interface Html {
  readonly text: string;
}

type Value = string | number | Html | readonly Html[];

/** A piece of a page: html`<td>${'<b>'}</td>` is `<td>&lt;b&gt;</td>`. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const text = parts.map((part, at) => (at === 0 ? part : shown(values[at - 1] ?? '') + part)).join('');
  return { text };
}

function shown(value: Value): string {
  if (typeof value === 'object') return 'text' in value ? value.text : value.map(({ text }) => text).join('');
  return escaped(String(value));
}

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Also without the control characters that HTML forbids. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => NAMES[character] ?? '');
}
