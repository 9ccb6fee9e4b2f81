// -1 is no number of bytes, and v2 knows only "max".
return total - memory;
