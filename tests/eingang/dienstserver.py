"""Kleiner Webserver für die Tests, in einem eigenen Prozess.

GDAL hält beim Lesen von Adressen den Interpreter an; ein Server im selben Prozess
könnte nie antworten. Aufruf: ``cgi ORDNER`` (CGI-Programme in ORDNER/cgi-bin) oder
``antwort DATEI`` (jede Anfrage wird mit dieser Datei beantwortet). Die erste Zeile
der Ausgabe nennt den Port.
"""

import sys
from functools import partial
from http.server import (
    BaseHTTPRequestHandler,
    CGIHTTPRequestHandler,
    ThreadingHTTPServer,
)
from pathlib import Path


class Programm(CGIHTTPRequestHandler):
    """Ruft CGI-Programme unter ``cgi-bin`` auf."""

    cgi_directories = ["/cgi-bin"]  # noqa: RUF012
    have_fork = False  # sonst wechselt der Server zum Nutzer nobody

    def translate_path(self, path):
        return str(Path(self.directory) / path.split("?")[0].lstrip("/"))

    def log_message(self, *_):
        pass


class Antwort(BaseHTTPRequestHandler):
    """Antwortet immer gleich."""

    def __init__(self, *args, datei, **kwargs):
        self.datei = datei
        super().__init__(*args, **kwargs)

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(self.datei.read_bytes())

    def log_message(self, *_):
        pass


def main(art, ziel):
    klasse = (
        partial(Programm, directory=str(ziel))
        if art == "cgi"
        else partial(Antwort, datei=ziel)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), klasse)
    print(server.server_address[1], flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
