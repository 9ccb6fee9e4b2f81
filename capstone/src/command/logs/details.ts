import type { BoxRecord } from '../../containers/record.ts';

/** What `--log-opt labels=…` and `env=…` name of a container, as docker puts it before a line: `env=prod,os=linux`. */
export function details({ labels, options, logging }: BoxRecord): string {
  const wanted = (name: string) => (logging.options[name] ?? '').split(',').filter(Boolean);
  const variables = new Map(options.env.map((one) => one.split(/=(.*)/s, 2) as [string, string]));
  const named = [
    ...wanted('labels').map((name) => [name, labels[name]] as const),
    ...wanted('env').map((name) => [name, variables.get(name)] as const),
  ];
  const known = named.filter(([, value]) => value !== undefined);
  return known
    .map((pair) => pair.map((word) => encodeURIComponent(String(word))).join('='))
    .sort()
    .join(',');
}
