import {
  atLeast,
  type Call,
  close,
  dup3,
  F_SETFL,
  fcntl,
  type Graph,
  ioctl,
  O_CLOEXEC,
  O_NOCTTY,
  O_NONBLOCK,
  O_RDWR,
  openPipe,
  pidfdGetfd,
  read,
  TIOCGPTPEER,
  TIOCSPTLCK,
  tolerate,
  write,
} from 'shared-native';
import { CONTAINER, INPUT } from './descriptors.ts';

/** How a container hands the other end of its terminal to its shim: two pipes, one to say so and one to be answered. */
export interface Handing {
  /** The call of the container's program that opens this end. */
  readonly master: Call;
  readonly said: readonly [readEnd: number, writeEnd: number];
  readonly taken: readonly [readEnd: number, writeEnd: number];
}

/** Opens what a container needs to hand over the terminal that a call opens. @throws {SyscallError} EMFILE */
export function openHanding(master: Call): Handing {
  return { master, said: openPipe(), taken: openPipe() };
}

/** Those that the shim has until it has the terminal. */
export function shimsEnds({ said, taken }: Handing): number[] {
  return [said[0], taken[1]];
}

/** Those that only the container needs. */
export function containersEnds({ said, taken }: Handing): number[] {
  return [said[1], taken[0]];
}

/** The container's program with what it does once it has opened its terminal. */
export function withHandOver(calls: readonly Call[], handing: Handing): readonly Call[] {
  return calls.flatMap((call) => (call === handing.master ? [call, ...handOver(handing)] : [call]));
}

// #region handing over a terminal
/** What the container does once it has opened its terminal: it puts the other end where the shim looks, says so and waits. */
function handOver({ master, said, taken }: Handing): Call[] {
  return [
    ...[close(said[0]), close(taken[1])], // or it would not notice that the shim is gone
    dup3(master, INPUT),
    write(said[1], 'x'),
    atLeast(read(taken[0], new Uint8Array(1)), 1),
  ];
}

/**
 * What the shim does: it takes a copy, and opens the container's end as well. As long as somebody has that open, reading waits
 * for what is written; otherwise it would find an error again and again.
 */
export function takeTerminal({ said, taken }: Handing, next: string): Graph {
  const copy = pidfdGetfd(CONTAINER, INPUT);
  const rest = { next: 'close the pipes', other: 'close the pipes', passing: true };
  return {
    'take the terminal': { calls: [atLeast(read(said[0], new Uint8Array(1)), 1)], ...rest, next: 'it is there' },
    'it is there': {
      calls: [
        ...[copy, dup3(copy, INPUT), close(copy), fcntl(INPUT, F_SETFL, O_RDWR | O_NONBLOCK)],
        ...[ioctl(INPUT, TIOCSPTLCK, new Uint8Array(4)), ioctl(INPUT, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)],
        write(taken[1], 'x'),
      ],
      ...rest,
    },
    'close the pipes': {
      calls: [said[0], taken[1]].map((fd) => tolerate(close(fd), 'any')),
      next,
      passing: true,
    },
  };
}
// #endregion
