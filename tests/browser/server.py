"""지은 사이트를 GitHub Pages 같은 곳이 하듯이 내어 준다: gzip, index.html, .html 생략, 404.html."""

import gzip
import mimetypes
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKED = ("text/", "application/javascript", "application/json", "application/xml", "image/svg+xml")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".json": "application/json",
    ".ipynb": "application/octet-stream",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


@lru_cache(maxsize=512)
def packed(file, stamp):
    """파일을 gzip으로 묶은 것. stamp가 바뀌면 다시 묶는다."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)


class Handler(BaseHTTPRequestHandler):
    """한 요청에 한 파일."""

    protocol_version = "HTTP/1.1"
    folder = Path()
    place = "/"

    def find(self):
        """요청한 자리의 파일. 없거나 사이트 밖이면 None."""
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(self.place):
            return None
        wanted = (self.folder / path.removeprefix(self.place).lstrip("/")).resolve()
        if not wanted.is_relative_to(self.folder):
            return None
        page = wanted.with_name(wanted.name + ".html")
        tries = [wanted / "index.html"] if wanted.is_dir() else [wanted, page]
        return next((file for file in tries if file.is_file()), None)

    def do_GET(self):
        """파일 또는 404.html."""
        file, status = self.find(), 200
        if file is None:
            file, status = self.folder / "404.html", 404
        exists = file.is_file()
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes() if exists else b"404"
        self.send_response(status)
        if exists and kind.startswith(PACKED) and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = packed(file, file.stat().st_mtime_ns)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind if exists else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_):
        """조용히."""


def serve(folder, place="/"):
    """127.0.0.1의 빈 포트에서 folder를 place에 내어 주는 서버. 켜고 끄는 것은 부른 쪽이 맡는다."""
    handler = type("SiteHandler", (Handler,), {"folder": Path(folder).resolve(), "place": place})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    return server
