export { type CleanUp, type Detached, startDetached, statusPath } from './detached.ts';
export { type Frame, parser, STDERR, STDOUT, type Stream } from './log/frames.ts';
export { type Ended, readStatus } from './shim/status.ts';
export { undo } from './undo.ts';
