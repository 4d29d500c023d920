"""What a column is called when nobody has given it a title."""

from server.insights.reports.checking import Output
from server.insights.reports.field_words import FIELDS
from server.insights.reports.formula import Call, Node, Number, Pair, Sign
from server.insights.reports.formula import Field as Named
from server.insights.reports.words import PARTS, TITLES, TOTALS, Language, say


def label(output: Output, lang: Language) -> str:
    """Its title; of a group the field and its part; else the formula in words."""
    if output.title:
        return say(TITLES[output.title], lang) if output.title in TITLES else output.title
    plain = _words(output.tree, lang)
    return say(PARTS[output.part], lang).format(of=plain) if output.part else plain


def _words(tree: Node, lang: Language) -> str:
    match tree:
        case Named(name):
            return say(FIELDS[name], lang)
        case Number(value):
            return f"{value:g}"
        case Sign(of):
            return f"-{_words(of, lang)}"
        case Pair(op, left, right):
            return f"{_inner(left, lang)} {op} {_inner(right, lang)}"
        case Call(name, of):
            plain = "" if of is None else _words(of, lang)
            return say(TOTALS[name], lang).format(of=plain)


def _inner(tree: Node, lang: Language) -> str:
    plain = _words(tree, lang)
    return f"({plain})" if isinstance(tree, Pair) else plain
