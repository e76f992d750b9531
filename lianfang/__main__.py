"""``python -m lianfang``: the console."""

import sys

from lianfang.doors.console import main

if __name__ == "__main__":
    sys.exit(main())
