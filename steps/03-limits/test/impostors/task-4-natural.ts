// Math.log is the natural logarithm, and the curve is made for that of 2.
if (shares <= 2) return 1;
if (shares >= 262_144) return 10_000;
const log = Math.log(shares);
return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
