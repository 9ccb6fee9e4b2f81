import { isStill, processStat } from 'step-10';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { boxstep } from '../../test/boxstep.ts';
import { inCommonDuring } from '../../test/in-common.ts';
import { needs } from '../../test/needs.ts';
import { processesWith } from '../../test/processes.ts';
import { tries } from '../../test/slowness.ts';
import { idsOfContainers, list } from '../src/containers/find.ts';
import { whileLocked } from '../src/containers/lock.ts';
import type { BoxRecord } from '../src/containers/record.ts';
import { stateOf } from '../src/containers/state.ts';
import { processOf } from '../src/kill.ts';
import { STATUSES, WORD } from './storm/command.ts';
import { leftOnHost } from './storm/left.ts';
import { wrong } from './storm/rules.ts';
import { seedOf } from './storm/seeded.ts';
import { storm } from './storm/storm.ts';
import { shellIn } from './typed.ts';

beforeEach(needs('root', 'overlay', 'ip'));

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const BYSTANDERS = ['ended', 'running', 'paused'];

afterAll(async () => {
  for (const id of idsOfContainers()) await boxstep('rm', '-f', '-v', id);
});

/** Containers that no command of the storm is about. */
async function standBy(): Promise<void> {
  await boxstep('rm', '-f', ...BYSTANDERS); // of a first try
  await shellIn('run', ['--name', 'ended'], 'exit 7');
  await shellIn('run', ['-d', '--name', 'running'], 'sleep 1000');
  await shellIn('run', ['-d', '--name', 'paused'], 'sleep 1000');
  await boxstep('pause', 'paused');
}

const toldOf = (names: readonly string[]) =>
  list()
    .records.filter(({ name }) => names.includes(name))
    .map((record) => [record.name, stateOf(record).status, stateOf(record).exitCode]);

/** What a shim has become has nothing more to do, unless it waits to start its container again. */
function cleaningUp(): unknown[] {
  const waiting = list().records.flatMap(({ run }) => (run.status === 'exited' ? (run.restarting?.pid ?? []) : []));
  return processesWith('clean-up/main.ts').filter(({ pid }) => !waiting.includes(pid));
}

/** Runs, and its shim doesn't. */
function isUnwatched(record: BoxRecord): boolean {
  const { run } = record;
  return processOf(record) !== undefined && run.status === 'begun' && !(run.shim && isStill(run.shim));
}

/** Looks while nobody starts one of these containers, or cleans up after it: restart policies go on after a storm. */
async function whileLockedAll<T>([id, ...others]: readonly string[], look: () => T): Promise<T> {
  return id === undefined ? look() : whileLocked(id, () => whileLockedAll(others, look));
}

/** What there is of containers, and of processes of a storm that no container knows. */
function looked() {
  const { records, errors } = list();
  const watched = records.flatMap((record) => processOf(record)?.pid ?? []);
  const inits = processesWith(`sh -c : ${WORD}`).map(({ pid }) => pid);
  const unknown = inits.filter((pid) => !watched.includes(pid) && !watched.includes(processStat(pid)?.parent ?? 0));
  return { records, errors, unwatched: records.filter(isUnwatched), unknown };
}

describe('many commands at once on ten names', () => {
  const seed = seedOf();
  const repeat = `to repeat this: BOXSTEP_SEED=${seed}`;

  test('each work, or fail by a rule of docker’s', async () => {
    const errors: string[] = [];
    const commands = process.env.BOXSTEP_STORM ? 200 : 20;
    await storm(seed, NAMES, { commands, atOnce: commands }, (answer) => {
      const error = wrong(answer);
      if (error !== undefined) errors.push(error);
    });
    expect(errors, repeat).toEqual([]);
  });

  test('leave nothing that nobody knows, however often SIGKILL hits them or what they have started', {
    timeout: 3_600_000,
  }, async () => {
    await standBy();
    const before = toldOf(BYSTANDERS);
    const kills = process.env.BOXSTEP_STORM ? 1000 : tries(100);
    const common = await inCommonDuring(storm(seed, NAMES, { kills }), 250);
    expect(common, repeat).toEqual([]);
    await expect.poll(cleaningUp, { message: repeat }).toEqual([]);
    expect((await boxstep('prune')).stderr, repeat).toBe('');

    const { records, ...wrongs } = await whileLockedAll(idsOfContainers(), looked);
    expect(wrongs, repeat).toEqual({ errors: [], unwatched: [], unknown: [] });
    expect(
      records.map((record) => stateOf(record).exitCode).filter((one) => ![7, ...STATUSES].includes(one)),
      repeat,
    ).toEqual([]);
    expect(toldOf(BYSTANDERS), repeat).toEqual(before);

    for (const id of idsOfContainers()) expect((await boxstep('rm', '-f', '-v', id)).stderr, repeat).toBe('');
    for (const name of NAMES) expect((await shellIn('run', ['--rm', '--name', name], 'true')).stderr, repeat).toBe('');
    expect((await boxstep('system', 'prune', '-f', '--volumes')).stderr, repeat).toBe('');
    expect((await boxstep('prune')).all, repeat).toBe('');
    expect(leftOnHost(), repeat).toEqual([]);
  });
});
