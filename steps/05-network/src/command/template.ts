/**
 * A text in which `{{.Name}}`, `{{.IPAM.Driver}}` and `{{json .Labels}}` stand for what there is of something. `json` alone
 * is all of it.
 *
 * @throws {Error} for what is no such thing: Go's templates, which docker takes, can do more
 */
export function filled(template: string, of: Readonly<Record<string, unknown>>): string {
  const text = template === 'json' ? '{{json .}}' : template;
  return text.replace(/\{\{(.*?)\}\}/gs, (_, inside: string) => {
    const [, json, path] = /^\s*(json\s+)?((?:\.\w+)+|\.)\s*$/.exec(inside) ?? [];
    if (path === undefined) {
      throw new Error(`template {{${inside}}} is more than this command reads: it takes {{.Name}} and {{json .Name}}`);
    }
    const value = at(path, of);
    return json === undefined && typeof value !== 'object' ? String(value) : JSON.stringify(value);
  });
}

function at(path: string, of: unknown): unknown {
  return path
    .split('.')
    .filter(Boolean)
    .reduce((value, name) => {
      if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) return (value as never)[name];
      throw new Error(`template: there is no ${path} here`);
    }, of);
}
