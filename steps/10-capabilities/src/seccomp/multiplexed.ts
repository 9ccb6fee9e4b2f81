import type { Architecture } from './numbers.ts';
import type { Rule } from './profile.ts';

/** Calls of 32-bit x86 that can also be made by socketcall(2) or ipc(2), whose first argument says which is meant. */
const BY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  socketcall: {
    ...{ socket: 1, bind: 2, connect: 3, listen: 4, accept: 5, getsockname: 6, getpeername: 7, socketpair: 8 },
    ...{ send: 9, recv: 10, sendto: 11, recvfrom: 12, shutdown: 13, setsockopt: 14, getsockopt: 15 },
    ...{ sendmsg: 16, recvmsg: 17, accept4: 18, recvmmsg: 19, sendmmsg: 20 },
  },
  ipc: {
    ...{ semop: 1, semget: 2, semctl: 3, semtimedop: 4, msgsnd: 11, msgrcv: 12, msgget: 13, msgctl: 14 },
    ...{ shmat: 21, shmdt: 22, shmget: 23, shmctl: 24 },
  },
};

/**
 * The rules with those for the other way to make a call. The first argument says there which call is meant, and its own
 * arguments lie in memory, which no filter can read. So a condition on the first is lost, as libseccomp loses it: a
 * profile that allows some sockets allows all of them to programs of 32 bits, unless it leaves that architecture out.
 */
export function multiplexed(arch: Architecture, rules: readonly Rule[]): readonly Rule[] {
  if (arch !== 'x86') return rules;
  return [
    ...rules,
    ...Object.entries(BY).flatMap(([call, which]) => rules.flatMap((rule) => byway(rule, call, which))),
  ];
}

function byway({ names, action, conditions }: Rule, call: string, which: Readonly<Record<string, number>>): Rule[] {
  return names
    .filter((name) => Object.hasOwn(which, name))
    .map((name) => ({
      names: [call],
      action,
      conditions: [
        { index: 0, op: 'EQ', value: BigInt(which[name] as number), valueTwo: 0n },
        ...conditions.filter(({ index }) => index !== 0),
      ],
    }));
}
