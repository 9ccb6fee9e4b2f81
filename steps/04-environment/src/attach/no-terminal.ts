/** A terminal of the container's has nothing to be connected with. */
export class NoTerminal extends Error {
  constructor() {
    super('the input device is not a TTY: leave out -t, and the container reads the pipe or file itself');
  }
}
