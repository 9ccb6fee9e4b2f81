// A container's files, for who copies them out or in. Apart from index.ts, since most commands need none of it.
export { wholeOf } from './command/commit/commit.ts';
export { findContainer, whilePaused } from './command/container.ts';
export { writeOut } from './save/out.ts';
