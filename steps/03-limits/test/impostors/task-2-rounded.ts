// Rounded to the nearest: a microsecond more than was asked for.
return Math.round((nanoCpus * PERIOD) / 1e9);
