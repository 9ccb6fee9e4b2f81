import { closeSync, readFileSync } from 'node:fs';
import {
  type Call,
  clone,
  type Executable,
  executable,
  oomScoreAdj,
  openLifeline,
  openMeeting,
  openPipe,
} from 'shared-native';
import { isHandedOver } from 'step-10';
import { descriptorsIn } from './descriptors.ts';
import { type Stay, shimGraph, starterGraph } from './graph.ts';
import { split } from './joining.ts';
import { descriptorsOf } from './log-graph.ts';
import { SHIM } from './status.ts';
import { containersEnds, shimsEnds, withHandOver } from './terminal.ts';
import { type ShimmedChild, watch } from './watch.ts';

/** What a shim is told of its container. */
export type Watched = Pick<
  Stay,
  'title' | 'joins' | 'status' | 'turn' | 'cleanUp' | 'environment' | 'log' | 'typed' | 'handing'
>;

/**
 * Starts a process as `clone` does, but as the child of a shim, which has a few pages of memory and outlives this process.
 *
 * @param calls - the program
 * @param namespaces - CLONE_NEW* flags
 * @param letGo - the calls by which the container closes what the shim keeps
 * @throws {SyscallError} where files in memory may not be executed, or there is no process to be had
 */
export function beginShimmed(
  calls: readonly Call[],
  namespaces: number,
  letGo: readonly Call[],
  watched: Watched,
): ShimmedChild {
  const { log, typed, handing } = watched;
  const { between, own, namespaces: newOnes } = split(calls, watched.joins);
  const keeps = descriptorsIn(letGo).filter(isHandedOver);
  const its = [...keeps, ...(handing ? shimsEnds(handing) : [])];
  const named = [
    ...descriptorsIn([...between, ...own]),
    ...(typed === undefined ? [] : [typed]),
    ...(handing ? containersEnds(handing) : []),
  ];
  const passes = named.filter((fd) => !its.includes(fd));
  const meeting = openMeeting();
  const lifeline = openLifeline();
  const [heard, executed] = openPipe();
  const born = new Uint8Array(4);
  const shim = new Uint8Array(4);
  const ends = descriptorsIn([...meeting.wait, lifeline.check]);
  const stay: Stay = {
    ...watched,
    joins: between,
    calls: handing ? withHandOver(own, handing) : own,
    namespaces: namespaces | newOnes,
    oom: oomScores(),
    persona: Number.parseInt(readFileSync('/proc/self/personality', 'utf8'), 16),
    keeps,
    passes: [...passes, ...ends],
    executed,
    meeting,
    lifeline,
  };
  let file: Executable | undefined;
  try {
    file = executable(SHIM, (place) => shimGraph(stay, place, born));
    const inherits = [
      ...(log ? descriptorsOf(log) : []),
      ...stay.passes,
      ...its,
      ...descriptorsIn([lifeline.letGo]),
      executed,
      stay.status,
      stay.turn,
    ];
    const starter = clone(starterGraph(watched.title, file.fd, [...new Set(inherits)], shim, stay.persona));
    return watch([...between, ...own], file, starter, { meeting, heard, born, shim });
  } catch (error) {
    meeting.shut();
    closeSync(heard);
    file?.release();
    throw error;
  } finally {
    meeting.passedOn();
    lifeline.passedOn();
    lifeline.end();
    closeSync(executed);
  }
}

/** One less than what the kernel kills last of all, as podman's conmon and docker's shims have it. */
const OOM_SCORE = -999;

function oomScores(): Stay['oom'] {
  return { shim: OOM_SCORE, before: oomScoreAdj() };
}
