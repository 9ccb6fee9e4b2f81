// returns an object that holds itself
// told: nested more than 100 deep
const all: Record<string, unknown> = {};
all.all = all;
return all;
