// calls itself without end
// told: stack size exceeded|thrown
return (function deeper(): number { return deeper() + 1; })();
