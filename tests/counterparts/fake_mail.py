"""A mail server that keeps what it is given, or refuses at one step of the way."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from typing import Self


class MailServer:
    """SMTP on loopback. `refused` is the command that it says no to; `.` is the end of the message."""

    def __init__(self, refused: str = "") -> None:
        self.mails: list[Message] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

            def handle(self) -> None:
                self.say("220 ready")
                while line := self.rfile.readline():
                    command = line.split(maxsplit=1)[0].decode().upper() if line.strip() else ""
                    if command == refused:
                        self.say("535 not today" if command == "AUTH" else "550 not today")
                    elif command == "EHLO":
                        self.say("250-here\r\n250 AUTH PLAIN LOGIN")
                    elif command == "DATA":
                        self.say("354 go on")
                        self.read_mail()
                    else:
                        self.say({"AUTH": "235 welcome", "QUIT": "221 bye"}.get(command, "250 fine"))

            def read_mail(self) -> None:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                if refused == ".":
                    self.say("554 not today")
                    return
                outer.mails.append(message_from_bytes(b"".join(lines)))
                self.say("250 kept")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        who = "user=ada&pass=secret-of-ada&from=ada@a.example&to=bob@b.example&mode=insecure"
        self.url = f"mailto://127.0.0.1:{self._server.server_address[1]}?{who}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
