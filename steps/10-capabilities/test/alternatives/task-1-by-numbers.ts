// Bits in a number, as the kernel has them.
const mask = (names: readonly string[]) =>
  names.reduce((sum, name) => (name === 'ALL' ? sum : sum | (1n << BigInt(CAPABILITIES.indexOf(name)))), 0n);
const list = (bits: bigint) => CAPABILITIES.filter((_, nth) => (bits >> BigInt(nth)) & 1n);
if (privileged) return list(mask(here));
if (add.includes('ALL')) return list(mask(here) & ~mask(drop));
return list((drop.includes('ALL') ? 0n : mask(DEFAULT) & ~mask(drop)) | mask(add));
