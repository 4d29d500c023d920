"""The page by which a phone comes to trust the demo, over plain HTTP: before that trust there is no
other way. It serves two paths and knows nothing of the site.
"""

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

CA_PATH = "/dockhand-ca.crt"


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server_version, sys_version = "dockhand", ""

    def __init__(self, *given: object, pages: dict[str, tuple[str, bytes]]) -> None:
        self._pages = pages
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        found = self._pages.get(self.path.partition("?")[0])
        media_type, body = found or ("text/plain; charset=utf-8", b"not found\n")
        self.send_response(200 if found else 404)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-content-type-options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The terminal is for the codes."""


def serve_trust(host: str, port: int, page: str, ca_der: bytes) -> ThreadingHTTPServer:
    """Serves in a thread until `shutdown()` or the end of the program."""
    pages = {
        "/": ("text/html; charset=utf-8", page.encode()),
        CA_PATH: ("application/x-x509-ca-cert", ca_der),
    }
    server = ThreadingHTTPServer((host, port), partial(_Handler, pages=pages))
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="trust", daemon=True).start()
    return server
