"""`among(column, values)`: is a row one of these? One parameter, however many they are.

An expanded `IN (?, ?, …)` is another statement for every count, which is written, sent and planned anew each time.
With one parameter the statement stays the same, so that a PostgreSQL session plans it once and no limit of
parameters is near. PostgreSQL takes an array, SQLite a JSON list.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import ARRAY, BindParameter, Boolean, String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class Many(TypeDecorator[Collection[Any]]):
    """Several whole numbers or texts in one parameter. `item`: the type of one."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = [] if value is None else list(value)
        return values if dialect.name == "postgresql" else json.dumps(values)


class among(FunctionElement[bool]):
    """True where the column has one of these values. A text names a parameter that is handed in with the statement."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: InstrumentedAttribute[Any], values: Collection[Any] | str) -> None:
        many = Many(column.type)
        wanted: BindParameter[Any] = (
            bindparam(values, type_=many) if isinstance(values, str) else bindparam(None, list(values), type_=many)
        )
        super().__init__(column, wanted)

    def self_group(self, against: OperatorType | None = None) -> Self:
        """As it is: compared with 1, as a function's value is where booleans are numbers, it would hide the index."""
        return self


@compiles(among, "postgresql")
def _any_of_array(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, wanted = element.clauses
    return f"{compiler.process(column, **kw)} = ANY ({compiler.process(wanted, **kw)})"


@compiles(among, "sqlite")
def _in_json_list(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, wanted = element.clauses
    listed = f"SELECT value FROM json_each({compiler.process(wanted, **kw)})"  # noqa: S608 - a parameter's mark
    return f"{compiler.process(column, **kw)} IN ({listed})"
