// Never below nothing: check() has refused that already.
return total === -1 ? 'max' : Math.max(0, total - memory);
