import { rmSync } from 'node:fs';
import { Command } from 'commander';
import { PR_SET_DUMPABLE, PR_SET_NAME, perform, prctl } from 'shared-native';
import { extend, type Plan, start } from 'step-09';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inRoot, leftovers } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { attackedAsItWaits, looksFor, putAttack, unprotected } from '../../06-ipc/test/attacked.ts';
import { options, plan, read, step } from '../src/index.ts';

// Until execve a container's first process shares this process's memory. With --pid host another container sees it, and from
// capset on it has no more capabilities than root there.

const rootfs = () => inRoot('looked-into');

beforeEach(needs('root', 'cc', 'overlay'));
beforeAll(() => {
  perform(prctl(PR_SET_NAME, 'boxstep-looked')); // what other tests start isn't looked into
});
afterAll(() => {
  perform(prctl(PR_SET_NAME, 'node'));
  if (process.geteuid?.() !== 0) return;
  rmSync(rootfs(), { recursive: true, force: true });
  expect(leftovers('/attack')).toEqual([]);
});

/** A container with the defaults, except that its root is the host's. */
async function container(name: string, flags: string[], ...words: string[]): Promise<Plan> {
  const command = options(new Command().exitOverride().helpOption(false));
  const typed = ['--name', name, '--network', 'none', '--userns', 'host', ...flags];
  const wanted = read(command.parse(typed, { from: 'user' }).opts(), [rootfs(), '/attack', ...words]);
  return plan(await step.prepare(wanted, () => {}));
}

/**
 * What an attacker that sees the host's processes gets of another container's, which has given up its capabilities and waits
 * before execve.
 */
async function lookedInto(change: (made: Plan) => Plan = (made) => made): Promise<Record<string, number>> {
  putAttack(rootfs());
  perform(prctl(PR_SET_DUMPABLE, 1)); // as in a process that has started nothing yet
  const attacker = change(await container('attacker', ['-i', '--pid', 'host'], ...looksFor()));
  const victim = await container('victim', []);
  const { got, exit } = await attackedAsItWaits({ plan: attacker }, (wait) =>
    start(change(extend(victim, 'test', { privileges: wait }))),
  );
  expect(exit).toMatchObject({ status: 0 });
  return got;
}

test('no container looks into the runtime’s memory by way of a process that has given up its capabilities', async () => {
  const got = await lookedInto();
  expect(got.seen).toBeGreaterThan(0);
  expect(got).toMatchObject({ mem: 0, environ: 0, exe: 0, fd: 0 });
});

test('which without PR_SET_DUMPABLE it does', async () => {
  const got = await lookedInto(unprotected);
  expect(Math.min(...Object.values(got)), JSON.stringify(got)).toBeGreaterThan(0);
});
