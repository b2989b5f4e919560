"""What does ``python -m ui`` do? The same as the command ``askdocs``."""

import sys

from ui.command_line import main

if __name__ == "__main__":
    sys.exit(main())
