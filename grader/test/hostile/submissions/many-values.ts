// returns an array of 30 000 numbers
// told: more than 20000 values
return Array.from({ length: 30_000 }, (_, index) => index);
