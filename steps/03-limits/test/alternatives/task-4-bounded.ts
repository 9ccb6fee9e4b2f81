// The curve for all, and the ends by bounds.
const x = Math.log2(Math.min(Math.max(shares, 2), 262_144));
return Math.min(10_000, Math.max(1, Math.ceil(10 ** ((x ** 2 + 125 * x) / 612 - 7 / 34) - 1e-9)));
