import { addressText } from './address.ts';
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
  WITH_HEADER,
  widthOf,
} from './message.ts';

/**
 * The message that bytes say: what `encode` makes of one, read again. All fields of the fixed part are there.
 *
 * @throws {TypeError} for a type, a flag or an attribute that isn't among those of message.ts, or if it breaks off
 */
export function decode(bytes: Uint8Array): Message {
  const view = viewOf(bytes);
  if (bytes.length < 16 || view.getUint32(0, true) !== bytes.length) throw new TypeError('this is no whole message');
  const type = nameOf(TYPES, view.getUint16(4, true), 'type of message');
  const [layout, attributes] = PARTS[type];
  const body = bytes.subarray(16);
  return {
    type,
    flags: flagsOf(view.getUint16(6, true)),
    header: fixed(body, layout),
    attributes: attributesOf(body.subarray(widthOf(layout)), attributes),
  };
}

function flagsOf(number: number): Message['flags'] {
  const all = Object.entries(FLAGS) as [Message['flags'][number], number][];
  const known = all.reduce((sum, [, bit]) => sum | bit, 0);
  if (number & ~known || !(number & FLAGS.NLM_F_REQUEST))
    throw new TypeError(`unknown flags: 0x${number.toString(16)}`);
  return all.filter(([name, bit]) => name !== 'NLM_F_REQUEST' && number & bit).map(([name]) => name);
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number, what: string): Name {
  const found = (Object.entries(numbers) as [Name, number][]).find(([, one]) => one === number);
  if (found) return found[0];
  throw new TypeError(`unknown ${what}: ${number}`);
}

function fixed(bytes: Uint8Array, layout: Layout): Record<string, number> {
  if (bytes.length < widthOf(layout)) throw new TypeError('the fixed part of the message breaks off');
  let at = 0;
  const fields = layout.map(([field, width]): [string, number] => {
    at += width;
    return [field, number(bytes.subarray(at - width, at))];
  });
  return Object.fromEntries(fields.filter(([field]) => !field.startsWith('_')));
}

function attributesOf(bytes: Uint8Array, kinds: Exclude<Kind, string>): Attributes {
  const found: Record<string, Attributes[string]> = {};
  const numbers = Object.fromEntries(Object.entries(kinds).map(([name, [type]]) => [name, type]));
  const view = viewOf(bytes);
  for (let at = 0; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? view.getUint16(at, true) : 0;
    if (length < 4 || at + length > bytes.length) throw new TypeError('an attribute of the message breaks off');
    const name = nameOf(numbers, view.getUint16(at + 2, true), 'attribute');
    found[name] = payloadOf(name, bytes.subarray(at + 4, at + length), (kinds[name] as Attribute)[1]);
    at += Math.ceil(length / 4) * 4;
  }
  return found;
}

function payloadOf(name: string, bytes: Uint8Array, kind: Kind): Attributes[string] {
  if (typeof kind !== 'object') return READ[kind](bytes);
  if (name !== WITH_HEADER) return attributesOf(bytes, kind);
  const header = fixed(bytes, PEER_LAYOUT);
  return { header, ...attributesOf(bytes.subarray(widthOf(PEER_LAYOUT)), kind) };
}

const READ: Readonly<Record<Extract<Kind, string>, (bytes: Uint8Array) => number | string>> = {
  u8: number,
  u16: number,
  u32: number,
  text: (bytes) => new TextDecoder().decode(bytes).replace(/\0.*$/s, ''),
  address: (bytes) => {
    if (bytes.length === 4 || bytes.length === 16) return addressText(bytes);
    throw new TypeError(`an address of ${bytes.length} bytes`);
  },
  mac: (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
};

function number(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
