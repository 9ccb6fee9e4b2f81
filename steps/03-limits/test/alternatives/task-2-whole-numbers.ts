// Whole numbers alone: a microsecond of a PERIOD is 10000 billionths.
return (nanoCpus - (nanoCpus % 10_000)) / 10_000;
