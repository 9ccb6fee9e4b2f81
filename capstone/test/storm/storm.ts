import { setTimeout as sleep } from 'node:timers/promises';
import { boxstep } from '../../../test/boxstep.ts';
import { slowness } from '../../../test/slowness.ts';
import { list } from '../../src/containers/find.ts';
import { pause } from '../../src/pause.ts';
import { line } from './command.ts';
import { type Any, anyBy, seeded } from './seeded.ts';
import { type Kind, kill, several, victims } from './victims.ts';

/** How a command of a storm ended. */
export interface Answer {
  readonly words: readonly string[];
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

/** The command is what most often is killed: it has the most to lose. */
const KINDS: readonly Kind[] = [
  'starter',
  'starter',
  'starter',
  'shim',
  'shim',
  'first',
  'first',
  'clean-up',
  'health',
  'several',
];

/**
 * Types commands, some at a time, until so many SIGKILLs have hit something; none unless wanted.
 *
 * @param commands - without kills, how many are typed
 * @param answered - is given how each of them ended
 */
export async function storm(
  seed: number,
  names: readonly string[],
  { commands = Infinity, kills = 0, atOnce = 6 }: { commands?: number; kills?: number; atOnce?: number },
  answered: (answer: Answer) => void = () => {},
): Promise<void> {
  let hits = 0;
  const enough = () => (kills > 0 ? hits >= kills : commands <= 0);
  const worker = async (nth: number) => {
    const random = seeded(seed + nth);
    const any = anyBy(random);
    while (!enough()) {
      commands--;
      const words = line(any, names);
      const command = boxstep(...words);
      const hit = kills > 0 ? await strike(any(KINDS), command, random, any, names) : 0;
      hits += hit; // `hits += await …` would forget what others count meanwhile
      const { exitCode, stderr } = await command;
      answered({ words, exitCode, stderr });
    }
  };
  const ending = new AbortController();
  const working = Promise.all(Array.from({ length: atOnce }, (_, nth) => worker(nth))).finally(() => ending.abort());
  await Promise.all([working, letGoOn(names, enough, ending.signal)]);
}

/** Whoever waits for a container that another command has paused would wait for ever: no more commands come. */
async function letGoOn(names: readonly string[], enough: () => boolean, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    await sleep(1000, undefined, { signal: ended }).catch(() => {});
    if (!enough()) continue;
    for (const { id, name } of list().records) if (names.includes(name)) await pause(id, false).catch(() => {});
  }
}

/** The longest time, in ms, until a command is killed: by then most have ended. */
const LATEST = 400;

/** @returns how many it has hit */
async function strike(
  kind: Kind,
  command: { kill(signal: 'SIGKILL'): boolean },
  random: () => number,
  any: Any,
  names: readonly string[],
): Promise<number> {
  if (kind === 'clean-up') await isThere(kind, names);
  await sleep(random() * (kind === 'clean-up' ? 80 : LATEST) * Math.min(5, slowness()));
  if (kind === 'starter') return Number(command.kill('SIGKILL'));
  if (kind === 'several') return Number(command.kill('SIGKILL')) + kill(several(any, names));
  const all = victims(kind, names);
  return all.length === 0 ? 0 : kill([any(all)]);
}

/** Waits for a while until there is one. */
async function isThere(kind: Kind, names: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 20 && victims(kind, names).length === 0; tries++) await sleep(25);
}
