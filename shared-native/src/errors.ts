import { getSystemErrorMap } from 'node:util';
import type { Call } from './call.ts';
import { manualAddress, manualPage } from './calls/manual.ts';
import { asStrace } from './explain.ts';
import { ERRNO, errnoName } from './kernel/errno.ts';

/** A system call that failed: which one, with what, the kernel's answer, what that usually means for this call, and what to do. */
export class SyscallError extends Error {
  override readonly name = 'SyscallError';
  /** The error's name, such as `EPERM`; for an answer that is too small without being an error, that number. */
  readonly code: string;
  /** Its number, positive; 0 for an answer that is no error. */
  readonly errno: number;
  readonly call: Call;
  /** What the error usually means for this call, and what to do. */
  readonly meaning: string;
  /** The address of the call's manual page. */
  readonly page: string;

  /** @param answer - as the kernel gives it: an errno with a minus sign, or a result smaller than was needed */
  constructor(call: Call, answer: number) {
    const code = answer < 0 ? errnoName(-answer) : String(answer);
    const page = manualAddress(call.name);
    const meaning =
      answer < 0
        ? (manualPage(call.name)?.errors[code] ?? `${errnoText(code)}; see ${page}`)
        : `${call.exactly === undefined ? `at least ${call.least}` : `just ${call.exactly}`} was needed`;
    super(`${asStrace(call)}: ${code}: ${meaning}`);
    this.call = call;
    this.code = code;
    this.errno = answer < 0 ? -answer : 0;
    this.meaning = meaning;
    this.page = page;
  }
}

/** What the C library says of an error, such as "no such file or directory". */
export function errnoText(name: string): string {
  return getSystemErrorMap().get(-(ERRNO[name] ?? 0))?.[1] ?? 'an error that has no name here';
}
