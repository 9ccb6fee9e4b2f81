// returns a string of half a gigabyte
// told: memory|a value of more than|did not end in
return 'x'.repeat(2 ** 29 - 24);
