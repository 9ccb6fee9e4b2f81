// By natural logarithms and exp.
if (!(shares > 2)) return 1;
if (shares > 262_143) return 10_000;
const bits = Math.log(shares) / Math.LN2;
return Math.ceil(Math.exp(Math.LN10 * ((bits * bits + 125 * bits) / 612 - 7 / 34)) - 1e-9);
