// By cases.
switch (total) {
  case -1:
    return 'max';
  default:
    return total + -memory;
}
