// returns a function
// told: plain values
return () => 1;
