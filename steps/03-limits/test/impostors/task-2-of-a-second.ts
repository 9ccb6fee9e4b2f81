// The quota is of a second, where it is of a period: half a CPU becomes five whole ones.
return Math.floor(nanoCpus / 1000);
