// returns an object that says it is a number
// told: plain values|expected
return { valueOf: () => 50_000, [Symbol.toPrimitive]: () => 50_000 };
