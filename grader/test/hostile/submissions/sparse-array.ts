// returns an array that says it is four billion long
// told: more than 20000 values
const all: number[] = [];
all.length = 4_000_000_000;
return all;
