// -1 is passed on, as v1 has it: in v2 "max" is the word.
return total === -1 ? -1 : total - memory;
