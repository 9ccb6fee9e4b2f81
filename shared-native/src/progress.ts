import { type Call, wentWell } from './call.ts';
import { SyscallError } from './errors.ts';
import { errnoName } from './kernel/errno.ts';
import { integerAt } from './machine/image.ts';
import { NOT_MADE, type Program, RECORD } from './program.ts';
import { errnoIn } from './rtnetlink/tell.ts';

/** A call that was made, and the kernel's answer: a result, or an errno with a minus sign. */
export interface Made {
  readonly call: Call;
  readonly result: number;
}

/** What must be known of a program to read its results. */
type Laid = Pick<Program, 'calls' | 'records' | 'isGraph'>;

/**
 * The calls that a child has made so far, read from their records: those of a list in the order in which it made them, those
 * of a graph in the order in which their records lie in memory, each with its last answer.
 */
export function made({ calls, records, isGraph }: Laid, halves: Int32Array): Made[] {
  const all: Made[] = [];
  for (const [nth, call] of calls.entries()) {
    const result = integerAt(halves, (records[nth] as number) + RECORD.result);
    if (result !== NOT_MADE) all.push({ call, result });
    else if (!isGraph) break; // what it makes while this reads on would leave a gap
  }
  return all;
}

/** The error that stopped a program of `total` calls, if one did. */
export function failureOf(calls: readonly Made[], total: number): SyscallError | undefined {
  const last = calls.at(-1);
  if (!last) return undefined;
  if (!wentWell(last.call, last.result)) return refusedMessage(calls) ?? new SyscallError(last.call, last.result);
  return calls.length === total && last.call.name === 'execve' ? searchError(calls) : undefined;
}

/** Where a program stopped because the kernel answered to a message of rtnetlink: that message, and the errno. */
function refusedMessage(calls: readonly Made[]): SyscallError | undefined {
  const [sent, received] = calls.slice(-2);
  if (sent?.call.name !== 'sendto' || received?.call.name !== 'recvfrom' || received.result <= 0) return undefined;
  const { buf } = received.call.args;
  const errno = buf?.kind === 'room' ? errnoIn(buf.into) : 0;
  return errno === 0 ? undefined : new SyscallError(sent.call, -errno);
}

/**
 * What a search of the path came to: an error that says the program is there but can't run goes before those that
 * only say that it isn't in this directory.
 */
function searchError(calls: readonly Made[]): SyscallError {
  const tries = calls.slice(calls.findLastIndex(({ call }) => call.name !== 'execve') + 1);
  const elsewhere = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);
  const { call, result } = (tries.find((one) => !elsewhere.has(errnoName(-one.result))) ?? tries.at(-1)) as Made;
  return new SyscallError(call, result);
}
