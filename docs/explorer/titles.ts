import type { SectionId } from './types.ts';

/** What each part of a container's life is called, and what to know of it. */
export const STAGE_TITLES: Readonly<Record<SectionId, readonly [title: string, says: string]>> = {
  before: ['before', 'There is no process yet.'],
  clone: ['clone', ''],
  join: ['join', 'A process goes before, and enters what is to be shared.'],
  born: ['born', 'The process begins in namespaces of its own.'],
  gate: ['the gate', 'It waits. If the host’s process ends now, this one ends with it.'],
  adopt: ['adopt', 'The process has a number now, and has done nothing yet.'],
  open: ['open the gate', ''],
  setup: ['setup', 'It still sees the host’s files.'],
  enter: ['enter', 'It goes into the container’s.'],
  inside: ['inside', 'Absolute paths are the container’s.'],
  takes: ['take', 'As soon as the process has opened it.'],
  leave: ['leave', 'It lets go of the host’s files.'],
  privileges: ['privileges', 'It gives up what it need not be able to do.'],
  exec: ['exec', 'It becomes your program.'],
  after: ['undo', 'The process has ended, and with it went its namespaces and mounts.'],
};
