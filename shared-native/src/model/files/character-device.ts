import { makedev } from '../../calls/node.ts';
import { fail, ModelError } from '../errors.ts';
import type { Place, State } from '../state.ts';
import { type End, openControlling, openMaster, openSlave, PTS_MAJOR, terminalOf } from './terminal.ts';

/** null, zero, full, random, urandom: they only read and write. */
const MEMORY_DEVICES = [3, 5, 7, 8, 9].map((minor) => makedev(1, minor));
const TTY = makedev(5, 0);
const CONSOLE = makedev(5, 1);
const PTMX = makedev(5, 2);

/**
 * Opens a character device: its driver decides what that is.
 *
 * @returns what the open file is, beside its place and flags.
 * @throws ENXIO, EIO, ENOENT, ENODEV for terminals
 * @throws {ModelError} for a device that the model has no driver for.
 */
export function openCharacterDevice(state: State, place: Place, flags: number): End {
  const { rdev, filesystem } = place.inode;
  if (MEMORY_DEVICES.includes(rdev) || rdev === CONSOLE) return {};
  if (rdev === TTY) return openControlling(state);
  if (rdev === PTMX) return openMaster(state, place);
  if (rdev >> 8 !== PTS_MAJOR) throw new ModelError(`the model has no driver for device ${rdev >> 8}:${rdev & 0xff}`);
  // A node of this number on another filesystem leads nowhere: the number means a terminal only in its devpts.
  return filesystem.type === 'devpts'
    ? openSlave(state, terminalOf(state, filesystem, rdev & 0xff), flags)
    : fail('EIO');
}
