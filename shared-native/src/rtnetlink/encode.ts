import { addressBytes, macBytes } from './address.ts';
import {
  type Attribute,
  type Attributes,
  FLAGS,
  type Kind,
  type Layout,
  type Message,
  PARTS,
  PEER_LAYOUT,
  TYPES,
  type Value,
  WITH_HEADER,
  widthOf,
} from './message.ts';

/**
 * A message as the kernel reads it: a nlmsghdr, the fixed part, the attributes, each aligned to 4 bytes.
 *
 * @throws {TypeError} for an attribute or a field that its type doesn't have, or a number that isn't known yet
 * @see {@link https://man7.org/linux/man-pages/man7/netlink.7.html | netlink(7)}
 * @see {@link https://man7.org/linux/man-pages/man7/rtnetlink.7.html | rtnetlink(7)}
 */
export function encode(message: Message): Uint8Array {
  const [layout, attributes] = PARTS[message.type];
  const body = concat([fixed(layout, message.header), ...attributesOf(message.attributes, attributes)]);
  const bytes = new Uint8Array(16 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, TYPES[message.type], true);
  view.setUint16(
    6,
    message.flags.reduce<number>((sum, flag) => sum | FLAGS[flag], FLAGS.NLM_F_REQUEST),
    true,
  );
  bytes.set(body, 16);
  return bytes;
}

function fixed(layout: Layout, fields: Readonly<Record<string, Value>>): Uint8Array {
  const unknown = Object.keys(fields).find((name) => !layout.some(([field]) => field === name));
  if (unknown !== undefined) throw new TypeError(`there is no field ${unknown} in this message`);
  const bytes = new Uint8Array(widthOf(layout));
  let at = 0;
  for (const [field, width] of layout) {
    bytes.set(number(Object.hasOwn(fields, field) ? (fields[field] as Value) : 0, width), at);
    at += width;
  }
  return bytes;
}

function attributesOf(values: Attributes, kinds: Exclude<Kind, string>): Uint8Array[] {
  return Object.entries(values).map(([name, value]) => {
    if (!Object.hasOwn(kinds, name)) throw new TypeError(`there is no attribute ${name} here`);
    const [type, kind] = kinds[name] as Attribute;
    const payload = payloadOf(name, value, kind);
    const bytes = new Uint8Array(Math.ceil((4 + payload.length) / 4) * 4);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 4 + payload.length, true);
    view.setUint16(2, type, true);
    bytes.set(payload, 4);
    return bytes;
  });
}

function payloadOf(name: string, value: Attributes[string], kind: Kind): Uint8Array {
  if (typeof kind === 'object') {
    const { header = {}, ...rest } = value as Attributes & { header?: Record<string, Value> };
    const before = name === WITH_HEADER ? [fixed(PEER_LAYOUT, header)] : [];
    return concat([...before, ...attributesOf(rest, kind)]);
  }
  if (kind === 'text') return new TextEncoder().encode(`${value}\0`);
  if (kind === 'mac') return macBytes(String(value));
  if (kind === 'address') return addressBytes(String(value));
  return number(value as Value, kind === 'u8' ? 1 : kind === 'u16' ? 2 : 4);
}

function number(value: Value, width: 1 | 2 | 4): Uint8Array {
  if (typeof value !== 'number') throw new TypeError(`expected a number, got ${JSON.stringify(value)}`);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
    throw new RangeError(`a field of ${width} bytes can't hold ${value}`);
  }
  return Uint8Array.from({ length: width }, (_, nth) => Math.floor(value / 2 ** (8 * nth)) & 0xff);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
