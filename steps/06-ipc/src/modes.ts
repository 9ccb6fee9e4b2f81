/** Another container's, by its name: `container:web`. */
export type OfContainer = `container:${string}`;

/** Whose System V objects, POSIX queues and /dev/shm a container has. */
export type IpcMode = 'private' | 'shareable' | 'none' | 'host' | OfContainer;

/** Whose processes it sees; '' for its own. */
export type PidMode = '' | 'host' | OfContainer;

/** Whose hostname it has; '' for its own. */
export type UtsMode = '' | 'host';

/** The value of --ipc. Empty is private. @throws {Error} if it is no mode */
export function ipcMode(text: string): IpcMode {
  if (text === '') return 'private';
  if (text === 'private' || text === 'shareable' || text === 'none' || text === 'host' || isOfContainer(text))
    return text;
  throw new Error(
    `invalid IPC mode: ${text}\nit is private, shareable, none, host, or container: and a container's name`,
  );
}

/** The value of --pid. @throws {Error} if it is no mode */
export function pidMode(text: string): PidMode {
  if (text === '' || text === 'host' || isOfContainer(text)) return text;
  throw new Error(`--pid: invalid PID mode\n${JSON.stringify(text)}: it is host, or container: and a container's name`);
}

/** The value of --uts. @throws {Error} if it is no mode */
export function utsMode(text: string): UtsMode {
  if (text === '' || text === 'host') return text;
  throw new Error(`--uts: invalid UTS mode\n${JSON.stringify(text)}: it can only be host`);
}

/** Whose it is, if it is a container's. */
export function containerOf(mode: string): string | undefined {
  return isOfContainer(mode) ? mode.slice(CONTAINER.length).replace(/^\//, '') : undefined;
}

const CONTAINER = 'container:';

function isOfContainer(text: string): text is OfContainer {
  return text.startsWith(CONTAINER) && text !== CONTAINER;
}
