import type { Volume } from '../../volumes/store.ts';

/** A volume's labels, with the one that docker gives those without a name. */
export function labelsOf({ labels, anonymous }: Volume): Readonly<Record<string, string>> {
  return { ...labels, ...(anonymous && { 'com.docker.volume.anonymous': '' }) };
}
