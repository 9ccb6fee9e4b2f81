/** Text as it stands in HTML, also between double quotes. */
export function textOf(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A call as HTML: its name stands out, and its constants are marked. What is no call is a shell command. */
export function callHtml(text: string): string {
  const [, name = '', rest = ''] = /^(\w+)(\(.*\))$/s.exec(text) ?? [];
  if (name === '') return textOf(text).replaceAll('/', '/<wbr>');
  const marked = textOf(rest)
    .replace(/(&quot;.*?&quot;)|\b([A-Z][A-Z_\d]{2,})\b/g, (all, string, constant) =>
      string ? all : `<i>${constant}</i>`,
    )
    .replaceAll('|', '|<wbr>');
  return `<b>${name}</b>${marked}`;
}
