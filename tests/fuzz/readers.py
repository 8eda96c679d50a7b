"""Which functions take something untrusted, by the name of a parameter, and which of them are called."""

import ast
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("crypto", "hardening", "store", "source_app", "journalist_app", "workstation", "peluit")


@cache
def takers() -> frozenset[str]:
    """`path:qualified name` of every function and method with a parameter named `untrusted…`."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return frozenset(
        f"{path.relative_to(ROOT)}:{name}"
        for path in paths
        if "node_modules" not in path.parts
        for name in _takers(ast.parse(path.read_bytes()).body, "")
    )


def _takers(body: Iterable[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef):
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            if any(argument.arg.startswith("untrusted") for argument in arguments):
                yield prefix + node.name
            yield from _takers(node.body, f"{prefix}{node.name}.<locals>.")
        elif isinstance(node, ast.ClassDef):
            yield from _takers(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.If | ast.With | ast.Try):
            yield from _takers(node.body, prefix)


@contextmanager
def reached() -> Iterator[set[str]]:
    """Collects `path:qualified name` of every function of ours that is called meanwhile, in any thread."""
    found: set[str] = set()

    def called(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(ROOT)):
            found.add(f"{Path(frame.f_code.co_filename).relative_to(ROOT)}:{frame.f_code.co_qualname}")

    former = sys.getprofile()
    threading.setprofile(called)
    sys.setprofile(called)
    try:
        yield found
    finally:
        sys.setprofile(former)
        threading.setprofile(None)
