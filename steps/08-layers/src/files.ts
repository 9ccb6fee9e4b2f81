// A container's files, for who copies them out or in. Apart from index.ts, since most commands need none of it.
export { wholeOf } from './command/commit/commit.ts';
export { findContainer, whilePaused } from './command/container.ts';
export { entryOf } from './commit.ts';
export { writeOut } from './save/out.ts';
export type { ReadEntry } from './tar/entry.ts';
export { entries, quoted } from './tar/read.ts';
export { END } from './tar/write.ts';
export { detached, makeHere } from './unpack/here.ts';
export { at, BYTES, Inside, partsOf } from './unpack/inside.ts';
export { make } from './unpack/make.ts';
export { join as joinBytes } from './upper.ts';
