"""A Service of one port for tests: new connections go to a replica that says it is ready.

    balancer.py FILE    FILE has a replica's port on each line, and is read again all the time

Prints the port it listens on, and ends with its standard input.
"""
import asyncio
import ssl
import sys

TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


class Balancer:
    def __init__(self, path):
        self.path = path
        self.ready = []
        self.turn = 0

    async def is_ready(self, port):
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port, ssl=TLS), 2)
            try:
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return b" 200 " in await asyncio.wait_for(reader.readline(), 2)
            finally:
                writer.close()
        except (OSError, asyncio.TimeoutError, ssl.SSLError):
            return False

    async def look(self):
        while True:
            with open(self.path) as file:
                ports = [int(line) for line in file if line.strip()]
            states = await asyncio.gather(*[self.is_ready(port) for port in ports])
            self.ready = [port for port, state in zip(ports, states) if state]
            await asyncio.sleep(0.1)

    async def serve(self, reader, writer):
        ports = self.ready
        self.turn += 1
        for offset in range(len(ports)):
            try:
                there = await asyncio.open_connection("127.0.0.1", ports[(self.turn + offset) % len(ports)])
            except OSError:
                continue
            await asyncio.gather(self.copy(reader, there[1]), self.copy(there[0], writer))
            return
        writer.close()

    @staticmethod
    async def copy(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


async def main():
    balancer = Balancer(sys.argv[1])
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    looking = asyncio.create_task(balancer.look())
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    looking.cancel()
    server.close()


asyncio.run(main())
