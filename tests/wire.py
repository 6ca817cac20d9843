"""The server in this process, spoken to in JSON as an editor speaks to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from steplock_lsp.server import create_server

Json = dict[str, Any]

PUSH: Json = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
PULL: Json = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


class RequestFailed(Exception):
    """The server answered with an error."""


class Wire:
    """One connection; what the server asks is answered from `answers`, null where nothing is there."""

    def __init__(self) -> None:
        self.server = create_server()
        self.server.protocol.set_writer(self, include_headers=False)
        self.answers: dict[str, Any | Callable[[Any], Any]] = {}
        self.received: list[Json] = []
        self.waiting: dict[int, asyncio.Future[Json]] = {}

    def write(self, data: bytes) -> None:
        message = json.loads(data)
        self.received.append(message)
        if "method" not in message:
            self.waiting.pop(message["id"]).set_result(message)
        elif "id" in message:
            answer = self.answers.get(message["method"])
            if callable(answer):
                answer = answer(message["params"])
            asyncio.get_running_loop().call_soon(self._reply, message["id"], answer)

    def close(self) -> None:
        pass

    def _reply(self, id: object, answer: Any) -> None:
        if isinstance(answer, RequestFailed):
            self._send({"id": id, "error": {"code": -32603, "message": str(answer)}})
        else:
            self._send({"id": id, "result": answer})

    def _send(self, message: Json) -> None:
        protocol = self.server.protocol
        text = json.dumps({"jsonrpc": "2.0", **message})
        protocol.handle_message(json.loads(text, object_hook=protocol.structure_message))

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        id = len(self.received) + 1_000_000
        while id in self.waiting:
            id += 1
        future = self.waiting[id] = asyncio.get_running_loop().create_future()
        self._send({"id": id, "method": method, "params": params})
        message = await asyncio.wait_for(future, 20)
        if "error" in message:
            raise RequestFailed(message["error"]["message"])
        return message["result"]

    def messages(self, method: str) -> list[Any]:
        """The parameters of all messages of a kind that the server sent."""
        return [one.get("params") for one in self.received if one.get("method") == method]

    # What editors do

    async def start(
        self, *folders: Path, capabilities: Json | None = None, options: Any = None
    ) -> Json:
        params: Json = {"processId": None, "rootUri": None, "capabilities": capabilities or PUSH}
        if folders:
            params["rootUri"] = folders[0].as_uri()
            params["workspaceFolders"] = [{"uri": f.as_uri(), "name": f.name} for f in folders]
        if options is not None:
            params["initializationOptions"] = options
        result: Json = await self.request("initialize", params)
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str, version: int = 1, language: str = "yaml") -> None:
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, *changes: Json) -> None:
        document = {"uri": uri, "version": version}
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)}
        )

    async def settle(self) -> None:
        """Wait until the server has said all that it has to say."""
        await asyncio.sleep(0)
        for _ in range(5):
            await self.server.publisher.settle()
            await asyncio.sleep(0.002)

    async def published(self, uri: str) -> list[Json] | None:
        """What the editor shows for a document; None where it was never told anything."""
        await self.settle()
        told = [m for m in self.messages("textDocument/publishDiagnostics") if m["uri"] == uri]
        return told[-1]["diagnostics"] if told else None

    async def pulled(self, uri: str) -> list[Json]:
        report = await self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        found: list[Json] = report["items"]
        return found

    async def actions(
        self, uri: str, diagnostic: Json, only: list[str] | None = None
    ) -> list[Json]:
        context: Json = {"diagnostics": [diagnostic]}
        if only is not None:
            context["only"] = only
        params = {"textDocument": {"uri": uri}, "range": diagnostic["range"], "context": context}
        found: list[Json] = await self.request("textDocument/codeAction", params)
        return found


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    connection = Wire()
    try:
        yield connection
    finally:
        connection.server.publisher.close()
        connection.server.results.close()


def rules(diagnostics: list[Json] | None) -> set[str]:
    return {one["code"] for one in diagnostics or ()}


def workflow(root: Path, name: str = "ci.yml") -> str:
    """The URI of a workflow of a repository that is made where it is not there."""
    (root / ".github/workflows").mkdir(parents=True, exist_ok=True)
    (root / ".git").mkdir(exist_ok=True)
    return (root / ".github/workflows" / name).as_uri()
