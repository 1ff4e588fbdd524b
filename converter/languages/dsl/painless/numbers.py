"""Numbers: 64-bit integers and doubles, their arithmetic, order and texts (spec eql 5.3, 9)."""

FUNCTIONS = r"""
def calculate(String name, def a, def b) {
  if (name == 'negate') { return integral(a) ? (def) whole(BigInteger.valueOf(a).negate()) : (def) -decimal(a); }
  if (!integral(a) || !integral(b)) {
    double x = decimal(a);
    double y = decimal(b);
    return name == 'add' ? x + y
      : name == 'subtract' ? x - y
      : name == 'multiply' ? x * y
      : name == 'divide' ? x / y
      : x % y;
  }
  BigInteger x = BigInteger.valueOf(a);
  BigInteger y = BigInteger.valueOf(b);
  if (name == 'add') { return whole(x.add(y)); }
  if (name == 'subtract') { return whole(x.subtract(y)); }
  if (name == 'multiply') { return whole(x.multiply(y)); }
  return whole(name == 'divide' ? x.divide(y) : x.remainder(y));
}

int numericOrder(def a, def b) {
  if (integral(a) && integral(b)) { return Long.compare((long) a, (long) b); }
  double x = decimal(a);
  double y = decimal(b);
  if (x < y) { return -1; }
  if (x > y) { return 1; }
  if (x != y) { return 2; }
  if (integral(a)) { return y >= 9223372036854775808.0 ? -1 : Long.compare((long) a, (long) y); }
  if (integral(b)) { return x >= 9223372036854775808.0 ? 1 : Long.compare((long) x, (long) b); }
  return 0;
}

def number(String text, def base) {
  long radix = base == null ? 10 : integer(base);
  String digits = text;
  if (text.startsWith('0x') && (base == null || radix == 16)) {
    radix = 16;
    digits = text.substring(2);
  } else if (radix == 10) {
    digits = text.trim();
  }
  String allowed = radix == 10 ? '+-0123456789.eE' : '+-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  if (!madeOf(digits, allowed)) { throw new IllegalArgumentException('not a number: ' + text); }
  if (radix != 10) { return Long.parseLong(digits, (int) radix); }
  int sign = digits.startsWith('+') || digits.startsWith('-') ? 1 : 0;
  if (digits.length() - sign > 19 || !madeOf(digits, '+-0123456789')) { return Double.parseDouble(digits); }
  try { return Long.parseLong(digits); } catch (NumberFormatException error) { return Double.parseDouble(digits); }
}

boolean isNumber(def found) { return found instanceof Long || found instanceof Double; }

boolean integral(def found) { return found instanceof Long; }

double decimal(def found) {
  if (found instanceof Long) { return (double) (long) found; }
  if (found instanceof Double) { return (double) found; }
  throw new IllegalArgumentException('not a number: ' + found);
}

long whole(BigInteger exact) { return exact.longValueExact(); }

long integer(def found) {
  if (found instanceof Long) { return (long) found; }
  throw new IllegalArgumentException('not an integer: ' + found);
}
"""
