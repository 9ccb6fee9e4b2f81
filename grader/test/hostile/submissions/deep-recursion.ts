// calls itself without end
// told: stack size exceeded|threw
return (function deeper(): number { return deeper() + 1; })();
