"""One server process of the measurement: `python -m tests.bench.server app|floor FOLDER`, cookies on the input."""

import json
import logging
import sys
from pathlib import Path

import waitress

from tests.bench.floor import floor_of
from tests.bench.pages import pages
from tests.bench.stock import opened


def main() -> None:
    """Serve as `qms run` does, without the scheduler; prints the port once it listens."""
    what, folder, cookies = sys.argv[1], Path(sys.argv[2]), json.loads(sys.stdin.readline())
    with opened(folder) as app:
        asked = [page for page in pages() if not page.email or page.email in cookies]
        served = app if what == "app" else floor_of(app, asked, cookies, str(folder / "qms.db"))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # more clients than threads are asked for here
    server = waitress.create_server(served, host="127.0.0.1", port=0, threads=8, ident=None)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
