import { describe, expect, test } from 'vitest';
import {
  type Call,
  CLONE_NEWPID,
  execve,
  getpid,
  kill,
  makeCall,
  pidfdGetfd,
  pidfdOpen,
  pidfdSendSignal,
  rtSigaction,
  rtSigprocmask,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIGKILL,
  SIGPIPE,
  SIGTERM,
  SIGUSR1,
  type Signal,
  setuid,
  signal,
} from '../../src/index.ts';
import { signalSet } from '../../src/model/process/signals.ts';
import { answers, made, processAfter } from './answers.ts';

const open = { blocked: 0n, handled: [], ignored: [] };

function killSelf(sig: Signal): Call[] {
  const self = getpid();
  return [self, makeCall('kill', { pid: { kind: 'result', of: self }, sig: signal('sig', sig) })];
}

describe('signals', () => {
  test('one that is blocked waits until it is let through, and then it kills', () => {
    const blocked = [rtSigprocmask(SIG_BLOCK, ['SIGTERM']), ...killSelf('SIGTERM')];
    expect(processAfter(blocked, open)).toMatchObject({ killed: null, pending: signalSet(SIGTERM) });
    expect(made([...blocked, rtSigprocmask(SIG_SETMASK, []), getpid()], open)).toMatchObject({ end: 'killed' });
    expect(processAfter([...blocked, rtSigprocmask(SIG_SETMASK, [])], open).killed).toBe(SIGTERM);
  });

  test('one that is ignored does nothing, not even after execve', () => {
    const calls = [rtSigaction('SIGPIPE', SIG_IGN), ...killSelf('SIGPIPE'), execve('/bin/sh', ['sh'], [])];
    expect([...processAfter(calls, open).ignored]).toEqual([SIGPIPE]);
  });

  test('what is handled is at its default after execve', () => {
    const after = processAfter([execve('/bin/sh', ['sh'], [])], { handled: [SIGUSR1] });
    expect([after.handled.size, after.ignored.has(SIGUSR1)]).toEqual([0, false]);
  });

  test('a process that begins to ignore a signal loses the one that waits', () => {
    const calls = [rtSigprocmask(SIG_BLOCK, ['SIGTERM']), ...killSelf('SIGTERM'), rtSigaction('SIGTERM', SIG_IGN)];
    expect(processAfter(calls, open).pending).toBe(0n);
  });

  test('nobody can change or block SIGKILL and SIGSTOP', () => {
    const calls = [
      rtSigaction('SIGKILL', SIG_DFL),
      rtSigaction('SIGSTOP', SIG_IGN),
      rtSigprocmask(SIG_BLOCK, ['SIGKILL']),
    ];
    expect(answers(calls, open)).toEqual(['EINVAL', 'EINVAL', 0]);
    expect(processAfter(calls, open).blocked).toBe(0n);
  });

  test('the first process of a PID namespace can be killed from inside by nothing', () => {
    expect(made([kill(1, SIGKILL), getpid()], { ...open, clone: CLONE_NEWPID }).end).toBe('done');
  });

  test('another process of another user is out of reach', () => {
    const others = [{ hostPid: 500, uid: 1000 }];
    expect(answers([kill(500, 0), setuid(7), kill(500, 0), kill(501, 0)], { others })).toEqual([
      0,
      0,
      'EPERM',
      'ESRCH',
    ]);
    expect(
      made([kill(500, 'SIGHUP')], { others }).state.others.find(({ hostPid }) => hostPid === 500)?.received,
    ).toEqual([1]);
  });
});

describe('descriptors of processes', () => {
  test('stand for a process, and for no other', () => {
    const pidfd = pidfdOpen(1);
    const options = { ...open, clone: CLONE_NEWPID };
    expect(
      answers([pidfd, pidfdSendSignal(pidfd, 0), pidfdGetfd(pidfd, pidfd), pidfdSendSignal(0, 0)], options),
    ).toEqual([3, 0, 4, 'EBADF']);
    expect(answers([pidfdOpen(2)], options)).toEqual(['ESRCH']);
  });

  test('close at execve', () => {
    const calls = [pidfdOpen(1), execve('/bin/sh', ['sh'], [])];
    expect(processAfter(calls, { ...open, clone: CLONE_NEWPID }).descriptors.has(3)).toBe(false);
  });
});
