// The quota is in milliseconds, and the kernel refuses less than one of them.
return Math.floor((nanoCpus * PERIOD) / 1e9 / 1000);
