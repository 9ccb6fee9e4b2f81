import type { Maps } from '../maps.ts';

/** Whose users and groups a container has, as `--userns` and the flags beside it say it. */
export type Userns =
  | { readonly mode: 'host' }
  | { readonly mode: 'auto'; readonly size: number }
  | KeepId
  | { readonly mode: 'maps'; readonly maps: Maps }
  | { readonly mode: 'of'; readonly user: string; readonly group: string };

/** The user who types the command is the same user inside, or has these ids there, if they are given. */
export interface KeepId {
  readonly mode: 'keep-id';
  readonly uid?: number;
  readonly gid?: number;
}

/** As many ids as a user namespace gets unless a flag says otherwise: all that fit into 16 bits, as docker's. */
export const SIZE = 65_536;

/** The most that fits: the highest 32-bit number is no id. */
export const MOST_IDS = 2 ** 32 - 1;

/** The value of --userns; undefined for the default. @throws {Error} that quotes it */
export function parseUserns(text: string): Userns | undefined {
  const [mode = '', rest] = text.split(/:(.*)/s);
  if (mode === 'auto') return { mode, size: rest === undefined ? SIZE : sizeIn(rest) };
  if (rest === undefined && mode === '') return undefined;
  if (rest === undefined && mode === 'host') return { mode };
  if (mode === 'keep-id') return { mode, ...(rest === undefined ? {} : idsIn(rest)) };
  throw new Error(
    `--userns: invalid USER mode\n${JSON.stringify(text)}: it is auto, auto:size=NUMBER, host, keep-id, keep-id:uid=NUMBER,gid=NUMBER, or empty for the default`,
  );
}

function sizeIn(options: string): number {
  const [, digits] = /^size=(\d+)$/.exec(options) ?? [];
  if (digits === undefined)
    throw new Error(`Expected --userns auto: to be followed by size=NUMBER, got ${JSON.stringify(options)}`);
  const size = Number(digits);
  if (size >= 1 && size <= MOST_IDS) return size;
  throw new Error(`Expected the size of --userns auto to be from 1 to ${MOST_IDS}, got ${digits}`);
}

/** What follows `keep-id:`, as podman has it. */
function idsIn(options: string): Pick<KeepId, 'uid' | 'gid'> {
  const ids = options.split(',').map((option) => {
    const [, kind, digits] = /^([ug]id)=(\d+)$/.exec(option) ?? [];
    if (kind !== undefined && Number(digits) < MOST_IDS) return [kind, Number(digits)];
    throw new Error(
      `Expected --userns keep-id: to be followed by uid=NUMBER, gid=NUMBER, or both with a comma between, got ${JSON.stringify(options)}`,
    );
  });
  return Object.fromEntries(ids);
}
