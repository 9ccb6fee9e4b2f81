/** Bytes of one record: what the trampoline needs to know of one call, where it writes the result, and where it goes on. */
export const RECORD_BYTES = 96;

/** Offsets within a record. The result is first, so that it can be the last field of a struct that lies before the record. */
export const RECORD = { result: 0, number: 8, arguments: 16, least: 64, tolerated: 72, next: 80, other: 88 } as const;

/** What stands in a result until the call is made: no system call answers this. */
export const NOT_MADE = -(2 ** 63);

/** More than any result. */
export const NEVER = 2 ** 62;
