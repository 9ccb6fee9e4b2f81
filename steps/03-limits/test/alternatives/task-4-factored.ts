// The curve, factored.
const x = Math.log2(shares);
const curve = 10 ** ((x * (x + 125)) / 612 - 7 / 34);
return shares <= 2 ? 1 : shares >= 2 ** 18 ? 10_000 : Math.ceil(curve);
