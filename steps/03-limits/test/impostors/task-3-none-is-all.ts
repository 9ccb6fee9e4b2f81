// 0 is falsy: where there is to be no swap at all, there is as much as there is.
return (total !== -1 && total - memory) || 'max';
