// Asked the other way round.
if (total >= 0) return total - memory;
return 'max';
