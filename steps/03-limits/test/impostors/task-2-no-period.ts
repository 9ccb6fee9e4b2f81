// Whole CPUs, without the period: half a CPU is none.
return Math.floor(nanoCpus / 1e9);
