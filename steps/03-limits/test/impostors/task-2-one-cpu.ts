// Never more than the period: two CPUs and a half become one.
return Math.min(PERIOD, Math.floor((nanoCpus * PERIOD) / 1e9));
