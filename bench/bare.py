"""A bare page that keeps what is scanned by one strict IndexedDB put, and then shows it: as fast as
a browser can be durable. The baseline of the scan."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"""<!doctype html><title>bare</title><p id="shown"></p><script>
let db, n = 0, text = "";
const opening = indexedDB.open("bare", 1);
opening.onupgradeneeded = () => opening.result.createObjectStore("ops", { keyPath: "n" });
opening.onsuccess = () => { db = opening.result; document.title = "ready"; };
addEventListener("keydown", event => {
  if (event.key !== "Enter") { text += event.key; return; }
  const tx = db.transaction("ops", "readwrite", { durability: "strict" });
  tx.objectStore("ops").put({ n: ++n, k: "picking.confirm_pick", body: { code: text } });
  text = "";
  tx.oncomplete = () => {
    shown.textContent = n;
    shown.dataset.n = n;
  };
});
</script>"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def bare_page() -> Iterator[str]:
    """Serves the page; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
