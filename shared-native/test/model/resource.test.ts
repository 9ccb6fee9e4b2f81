import { expect, test } from 'vitest';
import {
  AT_FDCWD,
  CAP_SYS_RESOURCE,
  close,
  O_RDONLY,
  openat,
  PRIO_PROCESS,
  prlimit64,
  RLIM_INFINITY,
  RLIMIT_CORE,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  schedSetaffinity,
  setpriority,
  setrlimit,
  setuid,
} from '../../src/index.ts';
import { machine } from '../../src/model/machine/machine.ts';
import { allCapabilities, capabilitySet } from '../../src/model/process/capabilities.ts';
import { answers, made, processAfter } from './answers.ts';

const limit = (soft: number | bigint, hard = soft) => ({ rlim_cur: soft, rlim_max: hard });

test('anyone may lower a hard limit, and nobody but CAP_SYS_RESOURCE raises it again', () => {
  const calls = () => [
    setrlimit(RLIMIT_CORE, limit(5, 10)),
    setrlimit(RLIMIT_CORE, limit(10)),
    setrlimit(RLIMIT_CORE, limit(11)),
  ];
  expect(answers(calls())).toEqual([0, 0, 0]);
  expect(answers([setuid(1000), ...calls()])).toEqual([0, 0, 0, 'EPERM']);
  const capabilities = allCapabilities(machine()) & ~capabilitySet(CAP_SYS_RESOURCE);
  expect(answers(calls(), { capabilities })).toEqual([0, 0, 'EPERM']);
});

test('a soft limit above the hard one is EINVAL, and so is a resource that there is not', () => {
  expect(answers([setrlimit(RLIMIT_CORE, limit(2, 1)), setrlimit(16, limit(1))])).toEqual(['EINVAL', 'EINVAL']);
  expect(answers([setrlimit(RLIMIT_CORE, limit(RLIM_INFINITY, 1))])).toEqual(['EINVAL']);
});

test('no limit of descriptors goes beyond fs.nr_open', () => {
  expect(answers([setrlimit(RLIMIT_NOFILE, limit(2 ** 20)), setrlimit(RLIMIT_NOFILE, limit(2 ** 20 + 1))])).toEqual([
    0,
    'EPERM',
  ]);
});

test('open fails with EMFILE when the soft limit of descriptors is reached', () => {
  const open = () => openat(AT_FDCWD, '/', O_RDONLY);
  expect(answers([setrlimit(RLIMIT_NOFILE, limit(4, 100)), open(), open(), close(3), open()])).toEqual([
    0,
    3,
    'EMFILE',
    0,
    3,
  ]);
});

test('prlimit64 that only asks changes nothing', () => {
  const before = processAfter([]).limits.get(RLIMIT_CORE);
  expect(processAfter([prlimit64(0, RLIMIT_CORE, null, new Uint8Array(16))]).limits.get(RLIMIT_CORE)).toEqual(before);
  expect(answers([prlimit64(777, 99, null)])).toEqual(['ESRCH']);
});

test('prlimit64 answers with the limit before', () => {
  const calls = [setrlimit(RLIMIT_CORE, limit(1, 2)), prlimit64(0, RLIMIT_CORE, limit(0, 1), new Uint8Array(16))];
  const [, second] = made(calls).answers;
  expect(new BigUint64Array(second?.filled?.old_limit?.buffer ?? new ArrayBuffer())).toEqual(BigUint64Array.of(1n, 2n));
});

test('without CAP_SYS_NICE a process only gets nicer, or as little nice as RLIMIT_NICE allows', () => {
  const nice = (value: number) => setpriority(PRIO_PROCESS, 0, value);
  expect(answers([nice(-20), setuid(1000), nice(5), nice(4)])).toEqual([0, 0, 0, 'EACCES']);
  expect(answers([setrlimit(RLIMIT_NICE, limit(16)), setuid(1000), nice(5), nice(4), nice(3)])).toEqual([
    0,
    0,
    0,
    0,
    'EACCES',
  ]);
});

test('a processor that the machine lacks is passed over, and none at all is EINVAL', () => {
  expect(processAfter([schedSetaffinity(0, [1, 70])], { cpus: 2 }).cpus).toEqual([1]);
  expect(answers([schedSetaffinity(0, [5]), schedSetaffinity(0, [])], { cpus: 2 })).toEqual(['EINVAL', 'EINVAL']);
});
