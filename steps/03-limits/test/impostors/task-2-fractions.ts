// A fraction of a microsecond, which cpu.max refuses.
return (nanoCpus / 1e9) * PERIOD;
