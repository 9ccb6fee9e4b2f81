// What is no size becomes NaN, and then a limit of NaN bytes: nobody is told.
const short = text.replace(/i?b$/i, '');
const unit = UNITS.indexOf(short.slice(-1).toLowerCase());
const number = unit === -1 ? short : short.slice(0, -1);
return Math.trunc(Number(number) * 1024 ** Math.max(unit, 0));
