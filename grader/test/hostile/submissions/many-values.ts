// returns an array of 100 000 numbers
// told: more than 20000 values
return Array.from({ length: 100_000 }, (_, index) => index);
