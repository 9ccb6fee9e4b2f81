// No most: more than 262144 shares are a weight that the kernel refuses.
const log = Math.log2(Math.max(shares, 2));
return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
