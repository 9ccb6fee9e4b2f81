// v2's file gets what v1's gets: memory and swap together.
return total === -1 ? 'max' : total;
