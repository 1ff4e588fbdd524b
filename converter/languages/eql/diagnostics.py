from converter.errors import RuleError
def explain(text, error):
    return RuleError("eql-syntax", str(error))
