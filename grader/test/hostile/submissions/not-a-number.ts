// returns NaN
// told: came NaN
return Number.NaN;
