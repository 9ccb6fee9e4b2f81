import type { BoxRecord } from '../containers/record.ts';

/** The networks that a container is in. One that has another container's network is in none. */
export function networksOf({ options }: BoxRecord): string[] {
  return options.networks.map(({ network }) => network).filter((network) => !network.startsWith('container:'));
}
