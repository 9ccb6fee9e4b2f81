// returns a number in a box
// told: expected
return new Number(50_000);
