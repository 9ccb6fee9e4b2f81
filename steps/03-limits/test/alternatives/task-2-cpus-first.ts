// Whole CPUs first, then what is left.
const whole = Math.trunc(nanoCpus / 1e9);
return whole * PERIOD + Math.trunc(((nanoCpus - whole * 1e9) / 1e9) * PERIOD + 1e-7);
