"""The mutants of a C file: one small change each, found by patterns over its text with comments, strings
and includes blanked out. A mutant is (start, end, replacement, operator)."""

import re

SWAPS = {
    "<": ["<=", ">="],
    "<=": ["<", ">"],
    ">": [">=", "<="],
    ">=": [">", "<"],
    "==": ["!="],
    "!=": ["=="],
    "&&": ["||"],
    "||": ["&&"],
    "+": ["-"],
    "-": ["+"],
    "*": ["/"],
    "/": ["*"],
    "+=": ["-="],
    "-=": ["+="],
    "++": ["--"],
    "--": ["++"],
}
KINDS = {"&&": "logic", "||": "logic", "<": "relation", ">": "relation", "=": "relation", "!": "relation"}
WORD = re.compile(r"""(?P<space>\s+) | (?P<number>\b(?:0x[0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?)[uUlLfF]*\b)
    | (?P<name>[A-Za-z_]\w*) | (?P<sign>->|\+\+|--|\+=|-=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/<>!=%&|^~?:;,.(){}\[\]#])""",
                  re.VERBOSE)
# What only gives memory back is the sanitizers' subject; asserts are about our own mistakes.
RELEASES = re.compile(r"(?:\w*free|sg_\w+_(?:clear|free)|assert)$")
BLANK = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#[ \t]*include[^\n]*',
                   re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?:\(void\)\s*!?)?[A-Za-z_][\w.>\[\]-]*\(")
ASSIGNMENT = re.compile(r"[*A-Za-z_][\w\s.>\[\]*-]*?[^=!<>]=(?!=)")
TYPED = re.compile(r"(?:const|static|struct|enum|bool|char|double|int|size_t|long|unsigned|uint\w+|int\w+)\b")


def blank(text):
    """Comments to spaces, texts to a letter, so that every offset stays."""
    def same_length(match):
        fill = " " if match[0][0] in "/ \t#" else "S"
        return re.sub(r"[^\n]", fill, match[0])
    return BLANK.sub(same_length, text)


def closing(code, start):
    """The offset of the bracket that closes the one at `start`."""
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    return len(code) - 1


def words(code):
    return [match for match in WORD.finditer(code) if match.lastgroup != "space"]


def is_binary(tokens, at):
    """Is this + - * an operator between two values, and no sign, pointer or declaration?"""
    before = tokens[at - 1]
    if before[0] == "return" or not (before.lastgroup in ("name", "number") or before[0] in ")]"):
        return False
    return tokens[at][0] != "*" or not (before[0] == ")" or TYPED.match(before[0]) or is_declared(tokens, at))


def is_declared(tokens, at):
    """`struct thing *name`, `thing_t *name`: a star that belongs to a type."""
    return tokens[at - 2][0] in ("struct", "enum", "const") or tokens[at + 1].start() == tokens[at].end()


def signs(code, tokens):
    for at, token in enumerate(tokens[1:-1], 1):
        sign = token[0]
        if sign == "!":
            yield token.start(), token.end(), "", "negation"
        elif sign in ("+", "-", "*", "/") and not is_binary(tokens, at):
            continue
        for other in SWAPS.get(sign, ()):
            yield token.start(), token.end(), other, KINDS.get(sign, KINDS.get(sign[0], "arithmetic"))


def numbers(code, tokens):
    for token in tokens:
        cleared = code[token.start() - 1 : token.end() + 1] == "{0}"
        if token.lastgroup != "number" or cleared or re.match(r"0x|0\d", token[0]):
            continue
        digits = token[0].rstrip("uUlLfF")
        real = re.search(r"[.eE]", digits)
        value = float(digits) if real else int(digits)
        for other in {value + 1, value - 1, type(value)(0)} - {value}:
            text = repr(other) if other >= 0 else f"({other!r})"
            yield token.start(), token.end(), text, "constant"


def conditions(code, tokens):
    """`if`, `while`: turned round, always, never. (Always true would not end a `while`.)"""
    for at, token in enumerate(tokens[:-1]):
        if token[0] not in ("if", "while") or tokens[at + 1][0] != "(":
            continue
        start = tokens[at + 1].start() + 1
        end = closing(code, start - 1)
        yield start, end, ("!(", ")"), "condition"
        yield start, end, "false", "condition"
        if token[0] == "if":
            yield start, end, "true", "condition"


def loops(code, tokens):
    """The bound of a `for`, one less and one more; its start, one more."""
    for match in re.finditer(r"\bfor \((?P<start>[^;]*);(?P<test>[^;]*);", code):
        bound = re.search(r"<=?\s*(?P<bound>[^&|;]+?)\s*$", match["test"])
        if bound:
            at = match.start("test") + bound.start("bound")
            end = match.start("test") + bound.end("bound")
            yield at, end, ("(", ") - 1"), "loop"
            yield at, end, ("(", ") + 1"), "loop"


def statements(code, tokens):
    """Calls and assignments that stand alone, `break` and `continue`: left out. `return` of a truth or a
    number: turned round."""
    start = 0
    for match in re.finditer(r"[;{}]|\belse\b|\bif \(|\bfor \(|\bwhile \(", code):
        if match[0][-1] == "(":
            start = max(start, closing(code, match.end() - 1) + 1)
            continue
        if match.start() < start and match[0] != ";":
            continue
        if match[0] == ";" and match.start() >= start:
            yield from statement(code, start, match.end())
        start = max(start, match.end())


def statement(code, start, end):
    while start < end and code[start].isspace():
        start += 1
    text = code[start:end]
    if text in ("break;", "continue;"):
        yield start, end, ";", "statement"
    elif text.startswith("return ") and not re.search(r"\b(?:NULL|NAN)\b", text) and not text.startswith("return ("):
        yield start + 7, end - 1, ("!(", ")"), "return"
        yield start + 7, end - 1, ("-(", ")"), "return"
    elif not TYPED.match(text) and (ASSIGNMENT.match(text) or is_call(text)):
        yield start, end, ";", "statement"


def is_call(text):
    call = CALL.match(text)
    if not call or not text.rstrip().endswith(");"):
        return False
    return not RELEASES.search(call[0].rstrip("("))


def type_bodies(code):
    pattern = r"^(?:struct|enum)[^;=()]*\{.*?^\};"
    return [match.span() for match in re.finditer(pattern, code, re.MULTILINE | re.DOTALL)]


def mutants(text):
    code = blank(text)
    tokens = words(code)
    types = type_bodies(code)
    seen = set()
    for family in (signs, numbers, conditions, loops, statements):
        for start, end, new, kind in family(code, tokens):
            if isinstance(new, tuple):
                new = new[0] + text[start:end] + new[1]
            if kind == "statement":
                new += "\n" * text[start:end].count("\n")  # the lines below keep their numbers
            in_type = any(a <= start < b for a, b in types)
            if not in_type and new != text[start:end] and (start, end, new) not in seen:
                seen.add((start, end, new))
                yield start, end, new, kind
