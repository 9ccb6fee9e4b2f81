/** Signals that end a process unless it handles them. */
const ENDING: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'];

/** Does something before a signal ends this process that nobody else handles. @returns what ends that */
export function untilSignalled(before: () => void): () => void {
  const mine = new Map(ENDING.map((signal) => [signal, () => end(signal)]));
  const stop = () => {
    for (const [signal, listener] of mine) process.off(signal, listener);
  };
  const end = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return; // it is passed on
    before();
    stop();
    process.kill(process.pid, signal);
  };
  for (const [signal, listener] of mine) process.on(signal, listener);
  return stop;
}
