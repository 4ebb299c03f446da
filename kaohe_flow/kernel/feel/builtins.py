"""Every function the language has of its own, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kaohe_flow.kernel.feel import functions_list, functions_number, functions_temporal, functions_text
from kaohe_flow.kernel.feel.signature import Function

IS_DEFINED: Final = "is defined"
NOT: Final = "not"
MATCHES: Final = "matches"

BUILTINS: Final[Mapping[str, Function]] = {
    function.name: function
    for module in (functions_text, functions_number, functions_list, functions_temporal)
    for function in module.FUNCTIONS
}
# These look at the expression, not only at a value: the compiler knows them.
SPECIAL: Final = frozenset({IS_DEFINED, NOT, MATCHES})
