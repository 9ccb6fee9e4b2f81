import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { delegateCgroups, removeCgroups } from '../rootless/cgroups.ts';
import { makeUser } from '../rootless/user.ts';
import type { Amount } from './interleave.ts';
import { NODE } from './ours.ts';
import { type Group, group, type Result } from './results.ts';

/** Somebody whom this machine doesn't know. */
const UID = 40_000 + (process.pid % 20_000);

/**
 * What an ordinary user's container takes: the user namespace that each command makes first, the container in it, and both. Each
 * part is measured by a process of the user's, since none could do both: once in the namespace, it can't make another like it.
 */
export async function rootless(directory: string, amount: Amount, signal: AbortSignal): Promise<Group[]> {
  const root = join(directory, 'user');
  mkdirSync(root);
  chmodSync(directory, 0o755); // the user comes through
  const HOME = makeUser(UID, root);
  delegateCgroups(UID);
  const measured = async (part: 'namespace' | 'container'): Promise<Group> => {
    const { stdout } = await execa(NODE, [MAIN, part, JSON.stringify(amount)], {
      uid: UID,
      gid: UID,
      env: { HOME, BOXSTEP_ROOT: root },
      stderr: 'inherit',
      cancelSignal: signal,
    });
    return JSON.parse(stdout);
  };
  try {
    const namespace = await measured('namespace');
    const container = await measured('container');
    return [namespace, container, both(namespace, container)];
  } finally {
    await removeCgroups(UID);
  }
}

const MAIN = join(import.meta.dirname, 'rootless/measure.ts');

/** The one after the other: of C, which both are compared with, and of ours. */
function both(one: Group, other: Group): Group {
  const c = 'C: the same calls, of both';
  const sum = (name: string, ofOne: string, ofOther: string) => {
    const [first, second] = [find(one, ofOne), find(other, ofOther)];
    const times = first.times.map((time, nth) => time + (second.times[nth] ?? Number.NaN));
    return [{ name }, { times, cpu: ((first.cpu ?? 0) + (second.cpu ?? 0)) * times.length }] as const;
  };
  const ours = (of: Group) => of.results.at(-1)?.name ?? '';
  const all = [
    sum(c, one.comparedWith, other.comparedWith),
    sum('start() of step-01, of both', ours(one), ours(other)),
  ];
  return group('warm, as an ordinary user: both', c, new Map(all));
}

function find({ results }: Group, name: string): Extract<Result, { readonly median: number }> {
  const found = results.find((one) => one.name === name);
  if (found && 'median' in found) return found;
  throw new Error(`${name}: ${found?.notMeasured ?? 'there is no C compiler'}`);
}
