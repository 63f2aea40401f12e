"""Which of a library's names a piece of code uses, and where. Knows no Sphinx and imports no library.

A chain is what a name stands for, followed from its import: ``("dlnotes", "lstm", "lstm", "()", "f")``, where
``()`` is a call. :class:`Names` follows chains through one page's code, block after block, as far as plain
assignments go; :class:`Library` reads the library's sources and says which object a chain ends at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CALL = "()"
Chain = tuple[str, ...]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Use:
    """A name that stands in the code: lines and columns are counted from zero, in letters."""

    line: int
    start: int
    end: int
    chain: Chain


class Names(ast.NodeVisitor):
    """Find the imported names that a page's blocks use; what one block imports, the next ones know."""

    def __init__(self, scope: dict[str, Chain] | None = None) -> None:
        self.scope = scope if scope is not None else {}
        self.lines: list[str] = []
        self.uses: list[Use] = []

    def used_in(self, source: str) -> list[Use]:
        """Return the names that one block uses, in the order they stand; none, where it is no Python."""
        try:
            tree = ast.parse(source)
        except SyntaxError:  # whoever runs the block says it better, with the line
            return []
        self.lines, self.uses = source.split("\n"), []
        self.visit(tree)
        return sorted(set(self.uses), key=lambda use: (use.line, use.start))

    # --- where a name stands ---

    def note(self, line: int, start: int, end: int, chain: Chain) -> None:
        """Note a use; Python counts lines from one, and columns in bytes."""
        text = self.lines[line - 1].encode()
        self.uses.append(Use(line - 1, len(text[:start].decode()), len(text[:end].decode()), chain))

    def note_name(self, node: ast.Name | ast.Attribute, chain: Chain) -> None:
        """Note a name with its attributes, or the attributes alone that follow a call."""
        first: ast.expr = node
        while isinstance(first, ast.Attribute) and isinstance(first.value, ast.Name | ast.Attribute):
            first = first.value
        start = first.col_offset
        if isinstance(first, ast.Attribute):
            start = (first.end_col_offset or 0) - len(first.attr.encode())
        if first.end_lineno == node.end_lineno and node.end_lineno and node.end_col_offset:
            self.note(node.end_lineno, start, node.end_col_offset, chain)

    # --- what a name stands for ---

    def follow(self, node: ast.expr | None) -> Chain | None:
        """Visit an expression and note its names; return what it stands for, if it is a chain."""
        if isinstance(node, ast.Name | ast.Attribute):
            chain = self.chain(node)
            if chain:
                self.note_name(node, chain)
            return chain
        if isinstance(node, ast.Call):
            called = self.follow(node.func)
            for part in (*node.args, *node.keywords):
                self.visit(part)
            return (*called, CALL) if called else None
        if isinstance(node, ast.NamedExpr):
            value = self.follow(node.value)
            self.assign(node.target, value)
            return value
        if node is not None:
            self.generic_visit(node)
        return None

    def chain(self, node: ast.expr) -> Chain | None:
        """Return what a name with its attributes stands for; visit what is no part of it."""
        if isinstance(node, ast.Name):
            return self.scope.get(node.id)
        if isinstance(node, ast.Attribute):
            inner = self.chain(node.value)
            return (*inner, node.attr) if inner else None
        return self.follow(node)

    def assign(self, target: ast.expr, chain: Chain | None) -> None:
        """Have a name stand for what it is given; other targets are visited, and their names forgotten."""
        if not isinstance(target, ast.Name):
            self.visit(target)
        elif chain:
            self.scope[target.id] = chain
            self.note_name(target, chain)
        else:
            self.scope.pop(target.id, None)

    def annotated(self, annotation: ast.expr | None) -> Chain | None:
        """Return what a name of this type stands for."""
        chain = self.follow(annotation)
        return (*chain, CALL) if chain else None

    # --- the code ---

    def visit_Name(self, node: ast.Name) -> None:
        """Note a name, or forget it where it is given something else."""
        if isinstance(node.ctx, ast.Store):
            self.scope.pop(node.id, None)
            return
        self.follow(node)
        if isinstance(node.ctx, ast.Del):
            self.scope.pop(node.id, None)

    def visit_expression(self, node: ast.expr) -> None:
        """Note the names of an expression of which nothing more is asked."""
        self.follow(node)

    visit_Attribute = visit_Call = visit_NamedExpr = visit_expression  # noqa: N815

    def visit_Import(self, node: ast.Import) -> None:
        """Note the modules, and what they are called from here on."""
        for alias in node.names:
            chain = tuple(alias.name.split("."))
            self.note(alias.lineno, alias.col_offset, alias.col_offset + len(alias.name.encode()), chain)
            self.scope[alias.asname or chain[0]] = chain if alias.asname else chain[:1]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note the module and what is taken from it."""
        if node.level or node.module is None:
            return
        chain = tuple(node.module.split("."))
        named = re.compile(rb"from\s+").match(self.lines[node.lineno - 1].encode(), node.col_offset)
        if named:
            self.note(node.lineno, named.end(), named.end() + len(node.module.encode()), chain)
        for alias in node.names:
            taken = (*chain, alias.name)
            self.note(alias.lineno, alias.col_offset, alias.col_offset + len(alias.name.encode()), taken)
            self.scope[alias.asname or alias.name] = taken

    def visit_Assign(self, node: ast.Assign) -> None:
        """Have the targets stand for the value."""
        chain = self.follow(node.value)
        for target in node.targets:
            self.assign(target, chain)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Have the target stand for a thing of its type."""
        value = self.follow(node.value)
        self.assign(node.target, self.annotated(node.annotation) or value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Note the target, which goes on standing for what it did."""
        self.visit(node.value)
        self.follow(node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        """See what is gone through before the name it gets."""
        self.visit(node.iter)
        self.visit(node.target)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    visit_AsyncFor = visit_For  # noqa: N815

    # --- scopes ---

    def within(self, nodes: Iterable[ast.AST], arguments: Iterable[ast.arg] = ()) -> None:
        """Visit what has names of its own, which are forgotten at its end."""
        outside, self.scope = self.scope, dict(self.scope)
        for argument in arguments:
            self.scope.pop(argument.arg, None)
            chain = self.annotated(argument.annotation)
            if chain:
                self.scope[argument.arg] = chain
        for node in nodes:
            self.visit(node)
        self.scope = outside

    def visit_FunctionDef(self, node: Function) -> None:
        """Visit a function's body with its arguments known."""
        self.scope.pop(node.name, None)
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.visit_defaults(node.args)
        self.within([*node.body], arguments_of(node.args))
        self.follow(node.returns)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Visit a function without a name."""
        self.visit_defaults(node.args)
        self.within([node.body], arguments_of(node.args))

    def visit_defaults(self, node: ast.arguments) -> None:
        """Visit what arguments are when none is given."""
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Visit a class's body apart."""
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self.scope.pop(node.name, None)
        self.within(node.body)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """See what is gone through before the name it gets."""
        for part in (node.iter, node.target, *node.ifs):
            self.visit(part)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        """Visit what is gone through before what is made of it."""
        self.within([*node.generators, node.elt])

    visit_SetComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def visit_DictComp(self, node: ast.DictComp) -> None:
        """Do the same for keys and values."""
        self.within([*node.generators, node.key, node.value])


def arguments_of(node: ast.arguments) -> list[ast.arg]:
    """List a function's arguments."""
    alone = [argument for argument in (node.vararg, node.kwarg) if argument]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *alone]


# --- the library ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thing:
    """An object of the library: where it is defined, and whether a chain stands for one of its instances."""

    module: str
    path: Chain
    node: ast.AST | None  # None: the module itself
    instance: bool = False

    @property
    def name(self) -> str:
        """Its full name."""
        return ".".join((self.module, *self.path))


class Library:
    """The modules in a folder, read and not imported: some of them load Matplotlib."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = cache(self._tree)
        self.resolve = cache(self._resolve)

    def file(self, module: str) -> Path | None:
        """Find a module's file."""
        stem = self.folder / Path(*module.split("."))
        return next((p for p in (stem / "__init__.py", stem.with_suffix(".py")) if p.is_file()), None)

    def _tree(self, module: str) -> dict[str, ast.AST] | None:
        """Return what stands in a module by its names, or None where there is no such module."""
        path = self.file(module)
        return named(ast.parse(path.read_bytes()).body) if path else None

    def _resolve(self, chain: Chain) -> Thing | None:
        """Find the object that a chain ends at."""
        if self.tree(chain[0]) is None:
            return None
        thing: Thing | None = Thing(chain[0], (), None)
        for part in chain[1:]:
            thing = thing and (self.called(thing) if part == CALL else self.member(thing, part))
        return thing

    def member(self, thing: Thing, name: str) -> Thing | None:
        """Find what stands in a module or a class, or in its bases, under a name."""
        if thing.node is None:
            submodule = f"{thing.module}.{name}"
            if self.tree(submodule) is not None:
                return Thing(submodule, (), None)
            return self.top(thing.module, name)
        if isinstance(thing.node, ast.Assign | ast.AnnAssign) and not thing.instance:
            made = self.made(thing)
            return self.member(made, name) if made else None
        if not isinstance(thing.node, ast.ClassDef):
            return None
        inside = named(thing.node.body)
        if name in inside:
            kept = isinstance(inside[name], Function) and thing.instance
            return Thing(thing.module, (*thing.path, name), inside[name], kept)
        bases = (self.typed(thing, base) for base in thing.node.bases)
        return next((found for base in bases if base and (found := self.member(base, name))), None)

    def top(self, module: str, name: str) -> Thing | None:
        """Find what a module calls by a name: its own, or what it imports."""
        node = (self.tree(module) or {}).get(name)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            alias = next(alias for alias in node.names if name in {alias.asname, alias.name})
            return self.resolve((*node.module.split("."), alias.name))
        return Thing(module, (name,), node) if node is not None else None

    def made(self, constant: Thing) -> Thing | None:
        """Return what a constant is an instance of."""
        node = constant.node
        if isinstance(node, ast.AnnAssign):
            return self.typed(constant, node.annotation)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            function = self.typed(constant, node.value.func, instance=False)
            return self.called(function) if function else None
        return None

    def called(self, thing: Thing) -> Thing | None:
        """Return what calling a class or a function gives, by its annotation."""
        if isinstance(thing.node, ast.ClassDef) and not thing.instance:
            return Thing(thing.module, thing.path, thing.node, instance=True)
        if isinstance(thing.node, Function) and thing.node.returns is not None:
            return self.typed(thing, thing.node.returns)
        return None

    def typed(self, thing: Thing, annotation: ast.expr, *, instance: bool = True) -> Thing | None:
        """Find the class that an annotation names, as its module knows it; ``X | None`` is an X."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            annotation = ast.parse(annotation.value, mode="eval").body
        if isinstance(annotation, ast.BinOp):
            sides = [annotation.left, annotation.right]
            rest = [side for side in sides if not (isinstance(side, ast.Constant) and side.value is None)]
            return self.typed(thing, rest[0], instance=instance) if len(rest) == 1 else None
        if not isinstance(annotation, ast.Name):
            return None
        if annotation.id == "Self":
            owner = self.resolve((*thing.module.split("."), *thing.path[:-1]))
            return owner and Thing(owner.module, owner.path, owner.node, instance)
        found = self.top(thing.module, annotation.id)
        if found is None or (instance and not isinstance(found.node, ast.ClassDef)):
            return None
        return Thing(found.module, found.path, found.node, instance)


def named(body: Iterable[ast.stmt]) -> dict[str, ast.AST]:
    """Return a body's statements by the names they give."""
    return {name: node for node in body for name in names_given(node)}


def names_given(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement defines."""
    if isinstance(node, ast.ClassDef | Function):
        yield node.name
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
