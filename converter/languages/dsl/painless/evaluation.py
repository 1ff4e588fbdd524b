"""Expressions: nodes of `params.expression`, calls, comparisons and matchers, with null as in spec eql 6.4."""

FUNCTIONS = r"""
def value(def node, List row) {
  if (node instanceof Integer) { return (long) node; }
  if (!(node instanceof List)) { return node; }
  String name = node[0];
  if (name == 'field') { return row[node[1]]; }
  if (name == 'isNull') { return value(node[1], row) == null; }
  if (name == 'not') {
    def item = value(node[1], row);
    return item == null ? null : !item;
  }
  if (name == 'and' || name == 'or') {
    boolean decisive = name == 'or';
    boolean unknown = false;
    for (int i = 1; i < node.size(); i++) {
      def item = value(node[i], row);
      if (item == null) { unknown = true; } else if (item == decisive) { return decisive; }
    }
    return unknown ? null : !decisive;
  }
  def first = value(node[1], row);
  if (name == 'matches') {
    if (first == null) { return null; }
    for (int i = 2; i < node.size(); i++) {
      if (accepts(node[i], first)) { return true; }
    }
    return false;
  }
  List given = new ArrayList();
  given.add(first);
  for (int i = 2; i < node.size(); i++) { given.add(value(node[i], row)); }
  return call(name, given);
}

def call(String spelled, List given) {
  boolean fold = spelled.endsWith('~');
  String name = fold ? spelled.substring(0, spelled.length() - 1) : spelled;
  int needed = name == 'indexOf' ? 2 : name == 'number' || name == 'substring' ? 1 : given.size();
  for (int i = 0; i < needed; i++) { if (given[i] == null) { return null; } }
  if (fold && name != 'between') {
    for (int i = 0; i < given.size(); i++) {
      if (given[i] instanceof String) { given[i] = lower(given[i]); }
    }
  }
  def a = given[0];
  def b = given.size() > 1 ? given[1] : null;
  if (name == '==' || name.startsWith('<') || name.startsWith('>')) { return compare(name, a, b); }
  if (name == 'length') { return (long) text(a).length(); }
  if (name == 'concat') {
    StringBuilder whole = new StringBuilder();
    for (def part : given) { whole.append(String.valueOf(part)); }
    return whole.toString();
  }
  if (name == 'string') { return String.valueOf(a); }
  if (name == 'startsWith') { return text(a).startsWith(text(b)); }
  if (name == 'endsWith') { return text(a).endsWith(text(b)); }
  if (name == 'stringContains') { return text(a) != '' && text(b) != '' && text(a).contains(text(b)); }
  if (name == 'substring') { return substring(text(a), b, given.size() > 2 ? given[2] : null); }
  if (name == 'indexOf') { return indexOf(text(a), text(b), given.size() > 2 ? given[2] : null); }
  if (name == 'between') { return between(text(a), text(b), text(given[2]), given.size() > 3 && given[3], fold); }
  if (name == 'number') { return number(text(a), b); }
  if (name == 'lower') { return lower(text(a)); }
  if (name == 'upper') { return text(a).toUpperCase(Locale.ROOT); }
  if (name == 'basename' || name == 'dirname' || name == 'extension') { return part(name, text(a), text(b)); }
  if (name == 'cidrMatch') {
    for (int i = 1; i < given.size(); i++) { if (inBlock(text(a), given[i])) { return true; } }
    return false;
  }
  return calculate(name, a, b);
}

def compare(String operator, def a, def b) {
  boolean texts = a instanceof String && b instanceof String;
  boolean numbers = isNumber(a) && isNumber(b);
  if (operator == '==' && !numbers) { return a.equals(b); }
  if (!texts && !numbers) { return null; }
  int sign = texts ? order(text(a), text(b)) : numericOrder(a, b);
  if (sign > 1) { return false; }
  if (operator == '==') { return sign == 0; }
  if (operator == '<') { return sign < 0; }
  if (operator == '<=') { return sign <= 0; }
  return operator == '>' ? sign > 0 : sign >= 0;
}

boolean accepts(List matcher, def found) {
  String name = matcher[0];
  if (name == 'present') { return true; }
  if (name == 'range') {
    for (def bound : matcher[1].entrySet()) {
      if (compare(bound.getKey(), found, value(bound.getValue(), null)) != true) { return false; }
    }
    return true;
  }
  if (name == 'network') { return inBlock(text(found), matcher[1]); }
  if (name == 'equal') { return compare('==', found, value(matcher[1], null)); }
  if (name == 'equal~') { return fold(text(found)) == fold(matcher[1]); }
  return name == 'like' ? like(text(found), matcher[1]) : like(fold(text(found)), fold(matcher[1]));
}
"""
