// Rounded down: 3 shares are no more than 2.
if (shares <= 2) return 1;
if (shares >= 262_144) return 10_000;
const log = Math.log2(shares);
return Math.floor(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
