import type { Message, Value } from './message.ts';

/** The same message with the numbers that were left open. @throws {SyscallError} ioctl: ENODEV, if there is no such interface */
export function resolved(message: Message, indexOf: (name: string) => number, pid: number | undefined): Message {
  const known = <T>(value: T): T => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    if ('indexOf' in value) return indexOf(value.indexOf as string) as T;
    if ('pid' in value && pid !== undefined) return pid as T;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, known(one as Value)])) as T;
  };
  return { ...message, header: known(message.header), attributes: known(message.attributes) };
}
