import { ioctl, perform, TCGETS, TCSETS, tolerate } from 'shared-native';

/** The kernel's struct termios: four sets of flags of 32 bits, a line discipline, and 19 characters (termios(3)). */
const TERMIOS_BYTES = 36;
const CC = 17;
const VTIME = 5;
const VMIN = 6;

const IGNBRK_TO_IXON = 0o2753; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
const OPOST = 0o1;
const CSIZE_PARENB = 0o460;
const CS8 = 0o60;
const ECHO_ICANON_ISIG = 0o100113; // ECHO ECHONL ICANON ISIG IEXTEN

/** A terminal's settings. */
export type Termios = Uint8Array;

/** @throws {SyscallError} ENOTTY if the descriptor isn't a terminal. */
export function termiosOf(terminal: number): Termios {
  const termios = new Uint8Array(TERMIOS_BYTES);
  perform(ioctl(terminal, TCGETS, termios));
  return termios;
}

// #region raw mode
/**
 * Settings for a terminal that passes on every byte as it comes: no echo, no line editing, and Ctrl-C is the byte 3, not a
 * signal. This is cfmakeraw of termios(3). Node's own raw mode would still turn \n into \r\n.
 */
export function raw(termios: Termios): Termios {
  const made = Uint8Array.from(termios);
  const flags = new Uint32Array(made.buffer, 0, 4);
  const [input = 0, output = 0, control = 0, local = 0] = flags;
  flags.set([input & ~IGNBRK_TO_IXON, output & ~OPOST, (control & ~CSIZE_PARENB) | CS8, local & ~ECHO_ICANON_ISIG]);
  made[CC + VMIN] = 1;
  made[CC + VTIME] = 0;
  return made;
}

/**
 * Makes a terminal raw until the returned function is called, or this process ends or is stopped in a way that it can
 * notice. After SIGKILL the terminal stays raw; `reset` or `stty sane` restores it.
 */
export function makeRaw(terminal: number): () => void {
  const before = termiosOf(terminal);
  const set = (termios: Termios) => ioctl(terminal, TCSETS, Uint8Array.from(termios));
  const begin = () => perform(tolerate(set(raw(before)), 'EIO')); // EIO: the terminal has hung up, and SIGCONT says so, too
  const restore = () => perform(tolerate(set(before), 'EIO'));
  begin();
  process.on('exit', restore);
  process.prependListener('SIGTSTP', restore); // before the listener that stops this process
  process.on('SIGCONT', begin);
  return () => {
    process.off('exit', restore);
    process.off('SIGTSTP', restore);
    process.off('SIGCONT', begin);
    restore();
  };
}
// #endregion
