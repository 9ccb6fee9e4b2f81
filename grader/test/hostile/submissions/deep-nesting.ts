// returns a list in a list, ten thousand times
// told: nested|stack|thrown
let all: unknown[] = [];
for (let i = 0; i < 10_000; i += 1) all = [all];
return all;
