"""Addresses: IPv4 in its mapped place, so that all have 128 bits (spec kql 4.4). OpenSearch lacks the class `CIDR`."""

FUNCTIONS = r"""
boolean inBlock(String text, String block) {
  int slash = block.indexOf('/');
  int[] wanted = address(slash < 0 ? block : block.substring(0, slash));
  int[] found = address(text);
  if (wanted == null || found == null) { return false; }
  int bits = slash < 0 ? 128 : Integer.parseInt(block.substring(slash + 1)) + (block.indexOf(':') < 0 ? 96 : 0);
  for (int i = 0; i < 8 && bits > 0; i++) {
    int shift = bits < 16 ? 16 - bits : 0;
    if (wanted[i] >> shift != found[i] >> shift) { return false; }
    bits -= 16;
  }
  return true;
}

int[] address(String text) {
  int[] groups = new int[8];
  boolean four = text.indexOf(':') < 0;
  int count = four ? 6 : 0;
  if (four) { groups[5] = 65535; }
  int gap = -1;
  int i = 0;
  if (text.startsWith('::')) {
    gap = 0;
    i = 2;
  }
  while (i < text.length() || four && count == 6) {
    int end = text.indexOf(':', i);
    if (end < 0) { end = text.length(); }
    String group = text.substring(i, end);
    if (four || group.indexOf('.') >= 0) {
      long octets = end < text.length() || count > 6 ? -1 : dotted(group);
      if (octets < 0) { return null; }
      groups[count] = (int) (octets / 65536);
      groups[count + 1] = (int) (octets % 65536);
      count += 2;
      break;
    }
    int part = digits(group, 4, 16);
    if (part < 0 || count > 7) { return null; }
    groups[count] = part;
    count++;
    i = end + 1;
    if (end < text.length()) {
      if (i == text.length()) { return null; }
      if (text.charAt(i) == (char) ':') {
        if (gap >= 0) { return null; }
        gap = count;
        i++;
      }
    }
  }
  if (gap < 0 ? count < 8 : count > 7) { return null; }
  if (gap < 0) { return groups; }
  int[] spread = new int[8];
  for (int j = 0; j < count; j++) { spread[j < gap ? j : 8 - count + j] = groups[j]; }
  return spread;
}

long dotted(String text) {
  long whole = 0;
  int start = 0;
  for (int i = 0; i < 4; i++) {
    int end = i < 3 ? text.indexOf('.', start) : text.length();
    String octet = end < start ? '' : text.substring(start, end);
    int part = digits(octet, 3, 10);
    if (part < 0 || part > 255 || octet.length() > 1 && octet.startsWith('0')) { return -1; }
    whole = whole * 256 + part;
    start = end + 1;
  }
  return whole;
}

int digits(String text, int most, int base) {
  String allowed = base == 10 ? '0123456789' : '0123456789abcdefABCDEF';
  return text == '' || text.length() > most || !madeOf(text, allowed) ? -1 : Integer.parseInt(text, base);
}
"""
