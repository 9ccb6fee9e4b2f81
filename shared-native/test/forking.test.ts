import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/needs.ts';
import {
  type Call,
  CLONE_NEWPID,
  CLONE_NEWUTS,
  cloneForking,
  execve,
  exitGroup,
  forks,
  getpid,
  goOnInChild,
  kill,
  mkdir,
  sethostname,
  tolerate,
  unshare,
} from '../src/index.ts';
import { machine, model, startAnother } from '../src/model/index.ts';

const here = (pid: number) => readFileSync(`/proc/${pid}/status`, 'utf8');

describe('a program that goes on in a child', () => {
  beforeEach(needs('root'));

  async function end(calls: readonly Call[]) {
    const child = cloneForking(calls);
    const pid = await child.born;
    child.proceed();
    return { pid, ...(await child.exited) };
  }

  test('ends as its child does, with the child’s status', async () => {
    expect(await end([...goOnInChild(), exitGroup(42)])).toMatchObject({ status: 42, signal: null });
  });

  test('tells the signal that killed the child', async () => {
    const child = cloneForking([...goOnInChild(), exitGroup(0)]);
    await child.born;
    expect(child.kill('SIGTERM')).toBe(true); // all signals are blocked, but for SIGKILL
    child.kill('SIGKILL');
    expect(await child.exited).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(child.kill('SIGKILL')).toBe(false);
  });

  test('is born into the PID namespace that its parent made for its children, and is the first there', async () => {
    const { made } = await end([unshare(CLONE_NEWPID), ...goOnInChild(), getpid(), exitGroup(0)]);
    expect(made.find(({ call }) => call.name === 'getpid')?.result).toBe(1);
  });

  test('is born into new namespaces of its own besides', async () => {
    expect(await end([...goOnInChild(CLONE_NEWUTS), sethostname('forked'), exitGroup(7)])).toMatchObject({ status: 7 });
  });

  test('waits at its gate, a child of the process that waits for it', async () => {
    const child = cloneForking([...goOnInChild(), exitGroup(0)]);
    const pid = await child.born;
    expect(pid).not.toBe(child.pid);
    expect(here(pid ?? 0)).toContain(`PPid:\t${child.pid}\n`);
    child.proceed();
    await child.exited;
    expect(() => here(pid ?? 0)).toThrow('ENOENT'); // reaped
    expect(() => here(child.pid)).toThrow('ENOENT');
  });

  test('that fails before there is a child is not born, and says which call it was', async () => {
    const end_ = await end([mkdir('/proc/no', 0o700), ...goOnInChild(), exitGroup(0)]);
    expect(end_.pid).toBeUndefined();
    expect(end_).toMatchObject({ status: 127, failure: { code: 'ENOENT' } });
  });

  test('that fails in the child says so, too', async () => {
    const { failure, status } = await end([...goOnInChild(), mkdir('/proc/no', 0o700), exitGroup(0)]);
    expect([status, failure?.call.name]).toEqual([127, 'mkdir']);
  });

  test('leaves nobody waiting where it is detached: the old process goes when the new one has ended or executed', async () => {
    expect(await end([...goOnInChild(0, true), mkdir('/proc/no', 0o700), exitGroup(0)])).toMatchObject({
      failure: { code: 'ENOENT' },
    });
    const child = cloneForking([...goOnInChild(0, true), execve('/bin/sleep', ['sleep', '60'], [])]);
    const pid = (await child.born) as number;
    child.proceed();
    expect(await child.exited).toMatchObject({ status: 0, signal: null });
    // the kernel lets the old process go as soon as the new one has memory of its own, and names it a moment later
    await expect.poll(() => here(pid)).toContain('Name:\tsleep\n');
    process.kill(pid, 'SIGKILL');
  });

  test('tells, where it is detached, that no program could be executed, however late', async () => {
    const slow = `${'/proc/..'.repeat(500)}/nowhere`; // so that somebody who doesn't wait looks too early
    const many = Array.from({ length: 400 }, () => tolerate(execve(slow, ['x'], []), 'ENOENT'));
    const calls = [...goOnInChild(0, true), ...many, execve('/nowhere', ['x'], [])];
    expect(await end(calls)).toMatchObject({ failure: { code: 'ENOENT' } });
  });

  test('can be run again', async () => {
    const calls = [...goOnInChild(), exitGroup(3)];
    expect((await end(calls)).status).toBe(3);
    expect((await end(calls)).status).toBe(3);
    expect(forks(calls)).toBe(true);
    expect(forks([kill(1, 0)])).toBe(false);
  });
});

describe('in the model of the kernel', () => {
  test('the child is born into the PID namespace for children, and wait4 lets it go on', () => {
    const calls = [unshare(CLONE_NEWPID), ...goOnInChild(CLONE_NEWUTS), sethostname('forked'), getpid()];
    const { answers, end, state } = model(machine()).run(calls);
    expect(end).toBe('done');
    expect(answers.at(-1)?.result).toBe(1);
    expect(state.process.namespaces.uts.hostname).toBe('forked');
    expect(state.parent.namespaces.uts.hostname).toBe('host');
    expect(state.process.hostPid).not.toBe(state.others.at(-1)?.hostPid);
  });

  test('a container that runs is one of the others, and the next process begins on the host', () => {
    const { state } = model(machine({ clone: CLONE_NEWUTS })).run([sethostname('web')]);
    startAnother(state);
    expect(state.others.at(-1)?.namespaces.uts.hostname).toBe('web');
    expect(state.process.namespaces.uts.hostname).toBe('host');
  });
});
