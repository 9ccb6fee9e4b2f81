// returns ten times the same, that holds ten times the same, and so on
// told: more than 20000 values
let laugh: unknown = 'ha';
for (let i = 0; i < 30; i += 1) laugh = Array(10).fill(laugh);
return laugh;
