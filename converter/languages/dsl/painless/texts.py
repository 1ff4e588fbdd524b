"""Texts: order by code point, wildcard patterns, and the functions that cut texts (spec eql 5, 9)."""

FUNCTIONS = r"""
int order(String a, String b) {
  int shorter = a.length() < b.length() ? a.length() : b.length();
  for (int i = 0; i < shorter; i++) {
    int x = a.charAt(i);
    int y = b.charAt(i);
    if (x != y) {
      if (x >= 55296 && y >= 55296) {
        x += x >= 57344 ? -2048 : 8192;
        y += y >= 57344 ? -2048 : 8192;
      }
      return x < y ? -1 : 1;
    }
  }
  return Integer.compare(a.length(), b.length());
}

boolean like(String text, String pattern) {
  int i = 0;
  int j = 0;
  int run = -1;
  int mark = 0;
  while (i < text.length()) {
    if (j < pattern.length()) {
      char next = pattern.charAt(j);
      if (next == (char) '*') {
        run = ++j;
        mark = i;
        continue;
      }
      if (next == (char) '?') {
        i += width(text, i);
        j++;
        continue;
      }
      int escaped = next == (char) '\\' && j + 1 < pattern.length() ? 1 : 0;
      if (text.charAt(i) == pattern.charAt(j + escaped)) {
        i++;
        j += 1 + escaped;
        continue;
      }
    }
    if (run < 0) { return false; }
    j = run;
    mark += width(text, mark);
    i = mark;
  }
  while (j < pattern.length() && pattern.charAt(j) == (char) '*') { j++; }
  return j == pattern.length();
}

int width(String text, int at) {
  return text.codePointAt(at) > 65535 ? 2 : 1;
}

String fold(String text) {
  StringBuilder folded = new StringBuilder();
  for (int i = 0; i < text.length(); i++) {
    char unit = text.charAt(i);
    folded.append(unit >= (char) 'A' && unit <= (char) 'Z' ? (char) (unit + 32) : unit);
  }
  return folded.toString();
}

String lower(String text) { return text.toLowerCase(Locale.ROOT); }

String text(def found) {
  if (found instanceof String) { return found; }
  throw new IllegalArgumentException('not a text: ' + found);
}

String substring(String text, def start, def end) {
  long length = text.length();
  long from = start == null ? 0 : integer(start);
  long to = end == null ? length : integer(end);
  if (from < 0) { from = from + length < 0 ? 0 : from + length; }
  if (to < 0) { to += length; }
  if (to > length) { to = length; }
  return from < to ? text.substring((int) from, (int) to) : '';
}

def indexOf(String text, String sub, def start) {
  long from = start == null || integer(start) < 0 ? 0 : integer(start);
  if (from > text.length()) { return null; }
  int found = text.indexOf(sub, (int) from);
  return found < 0 ? null : (def) (long) found;
}

String between(String text, String left, String right, boolean greedy, boolean fold) {
  if (text == '' || left == '' || right == '') { return text; }
  String searched = fold ? lower(text) : text;
  String before = fold ? lower(left) : left;
  String after = fold ? lower(right) : right;
  int found = searched.indexOf(before);
  if (found < 0) { return ''; }
  int start = found + before.length();
  int end = greedy ? searched.lastIndexOf(after) : searched.indexOf(after, start);
  return end < start ? '' : substring(text, (long) start, (long) end);
}

def part(String name, String path, String separator) {
  int at = path.lastIndexOf(separator);
  String file = at < 0 ? path : path.substring(at + separator.length());
  if (name == 'dirname') { return at > 0 ? path.substring(0, at) : at == 0 && separator == '/' ? '/' : null; }
  if (name == 'extension') {
    int dot = file.lastIndexOf('.');
    file = dot < 0 ? '' : file.substring(dot + 1);
  }
  return file == '' ? null : file;
}

boolean madeOf(String text, String characters) {
  for (int i = 0; i < text.length(); i++) {
    if (characters.indexOf(text.substring(i, i + 1)) < 0) { return false; }
  }
  return true;
}
"""
