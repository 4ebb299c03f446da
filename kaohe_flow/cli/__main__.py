"""``python -m kaohe_flow.cli``: the same as the console script."""

from kaohe_flow.cli import main

main()
