// By BigInt, which cuts off what is behind the point.
return Number((BigInt(nanoCpus) * BigInt(PERIOD)) / 1_000_000_000n);
