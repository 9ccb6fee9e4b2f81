export { type CleanUp, type Detached, startDetached, statusPath } from './detached.ts';
export { type Frame, framesIn, STDERR, STDOUT, type Stream } from './shim/frames.ts';
export { type Ended, readStatus } from './shim/status.ts';
export { undo } from './undo.ts';
