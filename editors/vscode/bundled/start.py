"""Start the server that lies beside this file, with the libraries that lie beside it."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))

from steplock_lsp.__main__ import main

sys.exit(main())
