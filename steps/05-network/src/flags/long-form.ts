/**
 * The long form of `-p`, `target=80,published=8080,protocol=udp`, in the short one; what isn't long stays as it is.
 * docker doesn't read what other keys say; here they are refused, since someone who writes `host_ip=127.0.0.1` doesn't
 * want to publish a port to the world.
 *
 * @throws {Error} that quotes the field that is wrong
 */
export function standardNotation(text: string): string {
  if (!text.includes('=')) return text;
  const params: Record<string, string> = { target: '', published: '', protocol: 'tcp', mode: '' };
  for (const param of text.split(',')) {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/s.exec(param) ?? [];
    if (!Object.hasOwn(params, key)) {
      throw new Error(
        `invalid publish opts format: expected target=…,published=…,protocol=…, got ${JSON.stringify(param)}`,
      );
    }
    params[key] = value;
  }
  return `${params.published}:${params.target}/${params.protocol}`;
}
