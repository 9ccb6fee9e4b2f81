export { addressBytes, addressText, macBytes } from './address.ts';
export { asIp } from './as-ip.ts';
export { encode } from './encode.ts';
export type { Attributes, Message, Value } from './message.ts';
export * from './messages.ts';
export { macOfLink, request } from './request.ts';
export { tell } from './tell.ts';
