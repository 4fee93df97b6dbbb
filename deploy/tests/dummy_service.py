"""A stand-in for a service: answers its readiness and nothing else.

In: MARKTBUND_HTTP_PORT. Out: GET /health/ready -> 200 with a pool.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"pool": {"size": 3, "max_overflow": 2}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(os.environ["MARKTBUND_HTTP_PORT"])
    ThreadingHTTPServer(("127.0.0.1", port), _Ready).serve_forever()
