// Swap of 0 is taken for a mistake, and one byte is granted.
return total === -1 ? 'max' : Math.max(1, total - memory);
