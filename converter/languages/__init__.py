"""Everything that is read: one package per language, each with a grammar, a tree, a parser and a lowering to the IR."""
