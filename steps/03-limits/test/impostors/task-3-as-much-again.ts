// docker's default, swap as large as memory, is taken for the rule.
return total === -1 ? 'max' : memory;
