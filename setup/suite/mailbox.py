"""A mail server for the demo: keeps each mail as a file and delivers nothing."""

import asyncio
import email
import email.header
import threading
import time


class Mailbox:
    def __init__(self, folder, notify):
        self.folder, self.notify = folder, notify
        self.count = 0

    def start(self):
        """Listens on a free local port, in a thread of its own. Returns the port."""
        ready = threading.Event()
        threading.Thread(target=self._serve, args=[ready], daemon=True).start()
        ready.wait()
        return self.port

    def _serve(self, ready):
        async def main():
            server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=64 * 1024 * 1024)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            async with server:
                await server.serve_forever()

        asyncio.run(main())

    async def _talk(self, reader, writer):
        async def answer(text):
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await answer("220 demo mailbox")
        try:
            while line := (await reader.readline()).decode(errors="replace").strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    await answer("354 go on")
                    self._keep(await self._message(reader))
                    await answer("250 kept")
                elif verb == "QUIT":
                    await answer("221 bye")
                    break
                else:
                    await answer("250 ok")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()

    @staticmethod
    async def _message(reader):
        lines = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _keep(self, content):
        self.count += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{self.count}.eml"
        path.write_bytes(content)
        message = email.message_from_bytes(content)
        subject = str(
            email.header.make_header(email.header.decode_header(message["Subject"] or ""))
        )
        self.notify(f"mail to {message['To']}: {subject} ({path})")
