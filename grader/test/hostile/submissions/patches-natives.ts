// makes the functions of its own process answer strangely
// told: can't be read|plain values|expected|ended|thrown
JSON.stringify = () => '[{"kind":1,"value":2},"returned",true]';
Array.prototype.push = () => 0;
Object.is = () => true;
Map.prototype.get = () => 50_000;
return -1;
