import { SCM_RIGHTS, SOL_SOCKET } from './kernel/constants.ts';

/** Room for a message and the copies of descriptors that come with it. */
export interface Received {
  readonly data: Uint8Array;
  /** Room for the descriptors: `receivedIn` reads them. */
  readonly control: Uint8Array;
}

/** @param descriptors - how many it has room for */
export function roomFor(size: number, descriptors: number): Received {
  return { data: new Uint8Array(size), control: new Uint8Array(controlSize(descriptors)) };
}

/** The descriptors that came with a message: this process's own numbers. */
export function receivedIn({ control }: Received): number[] {
  const view = new DataView(control.buffer, control.byteOffset, control.length);
  const length = control.length < CMSGHDR ? 0 : view.getUint32(0, true);
  if (length < CMSGHDR || view.getInt32(12, true) !== SCM_RIGHTS) return [];
  return Array.from({ length: (length - CMSGHDR) / 4 }, (_, nth) => view.getInt32(CMSGHDR + 4 * nth, true));
}

/** struct cmsghdr on a machine of 64 bits. */
const CMSGHDR = 16;

function controlSize(descriptors: number): number {
  return Math.ceil((CMSGHDR + 4 * descriptors) / 8) * 8;
}

/** struct cmsghdr, and the descriptors: cmsg(3). */
export function rights(descriptors: readonly number[]): Uint8Array {
  if (descriptors.length === 0) return new Uint8Array(0);
  const control = new DataView(new ArrayBuffer(controlSize(descriptors.length)));
  control.setUint32(0, CMSGHDR + 4 * descriptors.length, true);
  control.setInt32(8, SOL_SOCKET, true);
  control.setInt32(12, SCM_RIGHTS, true);
  for (const [nth, descriptor] of descriptors.entries()) control.setInt32(CMSGHDR + 4 * nth, descriptor, true);
  return new Uint8Array(control.buffer);
}
