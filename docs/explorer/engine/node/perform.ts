import type { Call } from '../../../../shared-native/src/call.ts';
import { SyscallError } from '../../../../shared-native/src/errors.ts';
import { runIn } from '../../../../shared-native/src/model/index.ts';
import { host } from './host.ts';

/** Makes a call on the model of the host, as `perform` of shared-native does on the host. @throws {SyscallError} */
export function perform(call: Call): number {
  const { answers, failed } = runIn(host, [call]);
  const [answer] = answers;
  if (!answer || failed) throw new SyscallError(call, answer?.result ?? 0);
  for (const [name, bytes] of Object.entries(answer.filled ?? {})) {
    const room = call.args[name];
    if (room && 'into' in room) (room.into as Uint8Array).set(bytes);
  }
  return answer.result;
}
