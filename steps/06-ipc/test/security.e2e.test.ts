import { rmSync } from 'node:fs';
import { capset, PR_SET_DUMPABLE, perform, prctl } from 'shared-native';
import { extend, joining, type Plan, plan, read, runningContainer, start } from 'step-01';
import { afterAll, describe, expect, test } from 'vitest';
import { inRoot, leftovers } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { tries } from '../../../test/slowness.ts';
import { execOptions, execPlan } from '../src/index.ts';
import { type Attacker, attacked, attackedAsItWaits, looksFor, putAttack, unprotected } from './attacked.ts';

// A process is open to another of its user that has all of its capabilities. So it has to have given some up, as in step 10
// all containers have: here, by a call more.
const DOCKERS = 0xa80425fbn;
const GIVES_UP = { privileges: [capset(0, { effective: DOCKERS, permitted: DOCKERS, inheritable: 0n })] };

const rootfs = () => inRoot('attacked');
const isHere = process.geteuid?.() === 0;

afterAll(() => {
  if (!isHere) return;
  rmSync(rootfs(), { recursive: true, force: true });
  expect(leftovers('/attack')).toEqual([]);
});

async function run(made: Plan, guest: boolean): Promise<void> {
  const { exited } = await start(made, undefined, { guest });
  expect(await exited).toMatchObject({ status: 0 });
}

/** In a container of step 1. */
function attacker(): Attacker {
  putAttack(rootfs());
  const options = { ...read({ name: 'attacked' }, ['/attack', ...looksFor()]), rootfs: rootfs() };
  return { plan: plan(options), about: { step: 'step-01', options } };
}

const exec = () => extend(execPlan(execOptions({}, 'attacked', ['/attack'])), 'test', GIVES_UP);
const shares = () => {
  const other = plan({ ...read({ name: 'guest' }, ['/attack']), rootfs: rootfs() });
  return extend(extend(other, 'step-06', joining(runningContainer('attacked'), ['pid'])), 'test', GIVES_UP);
};

describe('until execve the process inside has the runtime’s memory, descriptors and environment, and shows none', () => {
  test('by exec, at any moment', async (context) => {
    needs('root', 'cc')(context);
    const got = await attacked(attacker(), tries(1000), () => run(exec(), true));
    expect(got.seen).toBeGreaterThanOrEqual(10);
    expect(got).toMatchObject({ mem: 0, environ: 0, exe: 0, fd: 0 });
  });

  test('as a container that shares the processes of another', async (context) => {
    needs('root', 'cc')(context);
    const got = await attacked(attacker(), tries(100), () => run(shares(), false));
    expect(got.seen).toBeGreaterThanOrEqual(10);
    expect(got).toMatchObject({ mem: 0, environ: 0, exe: 0, fd: 0 });
  });

  test('which without PR_SET_DUMPABLE it does', async (context) => {
    needs('root', 'cc')(context);
    perform(prctl(PR_SET_DUMPABLE, 1));
    const { got } = await attackedAsItWaits(attacker(), (wait) => {
      const waits = extend(exec(), 'test', { privileges: wait }); // with as few capabilities as the attacker
      return start(unprotected(waits), undefined, { guest: true });
    });
    expect(Math.min(...Object.values(got)), JSON.stringify(got)).toBeGreaterThan(0);
  });
});
