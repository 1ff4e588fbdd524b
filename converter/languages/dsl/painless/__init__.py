"""Painless scripts for what Query DSL has no clause for (spec elasticsearch-target 2.6, 2.7).

A source never changes from rule to rule: fields and constants are its parameters, so that all rules together cost a
cluster a handful of compilations. `LENGTH` and `TWO_TEXTS` say the commonest conditions in a few lines; `EXPRESSION`
evaluates any expression that its parameters spell. What the parameters are stands in `converter.languages.dsl.script`.

Scripts read doc values: a field that no mapping defines or that has no value is null there, texts come sorted and
without repetitions. Loops are limited to a million rounds and the standard library to a list of methods, which is the
same in Elasticsearch and OpenSearch for all that is used here.
"""

from converter.languages.dsl.painless import addresses, evaluation, numbers, texts

LENGTH = """
// Some value of `field` has so many UTF-16 units.
if (!doc.containsKey(params.field)) { return false; }
String operator = params.operator;
for (def text : doc[params.field]) {
  int sign = Integer.compare(text.length(), params.length);
  if (operator == '==' ? sign == 0
    : operator == '<' ? sign < 0
    : operator == '<=' ? sign <= 0
    : operator == '>' ? sign > 0
    : sign >= 0) {
    return true;
  }
}
return false;
""".strip()

TWO_TEXTS = """
// Some value of `field` and some value of `other` are in the relation.
if (!doc.containsKey(params.field) || !doc.containsKey(params.other)) { return false; }
for (def one : doc[params.field]) {
  String text = params.ignore_case ? one.toLowerCase(Locale.ROOT) : one;
  for (def another : doc[params.other]) {
    String part = params.ignore_case ? another.toLowerCase(Locale.ROOT) : another;
    if (params.relation == 'equals' ? text == part
      : params.relation == 'startsWith' ? text.startsWith(part)
      : params.relation == 'endsWith' ? text.endsWith(part)
      : text != '' && part != '' && text.contains(part)) {
      return true;
    }
  }
}
return false;
""".strip()

_EVERY_COMBINATION = """
// Each combination of the values of `fields` is tried; a field without values is null.
List choices = new ArrayList();
long combinations = 1;
for (def name : params.fields) {
  List found = new ArrayList();
  if (doc.containsKey(name)) {
    for (def item : doc[name]) { if (!found.contains(item)) { found.add(item); } }
  }
  if (found.isEmpty()) { found.add(null); }
  choices.add(found);
  combinations *= found.size();
  if (combinations > 100000) { throw new IllegalArgumentException('too many values for one calculation'); }
}
for (long number = 0; number < combinations; number++) {
  long rest = number;
  List row = new ArrayList();
  for (List found : choices) {
    row.add(found[(int) (rest % found.size())]);
    rest /= found.size();
  }
  if (value(params.expression, row) == true) { return true; }
}
return false;
"""

EXPRESSION = "".join(
    (
        "// Some combination of values makes the expression true (Elastic's EQL, script conditions).\n",
        evaluation.FUNCTIONS,
        numbers.FUNCTIONS,
        texts.FUNCTIONS,
        addresses.FUNCTIONS,
        _EVERY_COMBINATION,
    )
).strip()
