/** The bytes of an address of IPv4 or IPv6, in the network's order. @throws {TypeError} if it is none. */
export function addressBytes(text: string): Uint8Array {
  const bytes = text.includes(':') ? sixteen(text) : four(text);
  if (bytes) return Uint8Array.from(bytes);
  throw new TypeError(`${JSON.stringify(text)} is no address`);
}

/** The text of an address; of the ways to write one of IPv6, that of RFC 5952. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from(
    { length: 8 },
    (_, nth) => ((bytes[2 * nth] as number) << 8) | (bytes[2 * nth + 1] as number),
  );
  const zeros = longestZeros(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return zeros ? `${text(0, zeros.at)}::${text(zeros.at + zeros.length, 8)}` : text(0, 8);
}

/** The bytes of a MAC address. @throws {TypeError} if it is none. */
export function macBytes(text: string): Uint8Array {
  if (/^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(text))
    return Uint8Array.from(text.split(':'), (byte) => Number.parseInt(byte, 16));
  throw new TypeError(`${JSON.stringify(text)} is no MAC address`);
}

/** As Go and inet_pton(3) read it: four decimal numbers, none with a zero before it. */
function four(text: string): number[] | undefined {
  const parts = text.split('.');
  const isByte = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  return parts.length === 4 && parts.every(isByte) ? parts.map(Number) : undefined;
}

function sixteen(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [front, back] = halves.map((half) => groups(half)) as [number[] | undefined, number[] | undefined];
  if (!front) return undefined;
  if (halves.length === 1) return front.length === 16 ? front : undefined;
  if (!back || front.length + back.length > 14) return undefined;
  return [...front, ...new Array<number>(16 - front.length - back.length).fill(0), ...back];
}

/** Groups of four hexadecimal digits between colons, of which the last two may be an IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [nth, part] of parts.entries()) {
    const last = nth === parts.length - 1 && part.includes('.') ? four(part) : undefined;
    if (last) bytes.push(...last);
    else if (/^[\da-f]{1,4}$/i.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

function longestZeros(all: readonly number[]): { at: number; length: number } | undefined {
  let longest = { at: 0, length: 1 }; // one group of zeros alone isn't cut short
  for (let at = 0; at < all.length; at++) {
    let length = 0;
    while (all[at + length] === 0) length++;
    if (length > longest.length) longest = { at, length };
  }
  return longest.length > 1 ? longest : undefined;
}
