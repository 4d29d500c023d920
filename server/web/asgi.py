"""ASGI's own types (asgi.readthedocs.io, 3.0): open mappings, as servers and layers really pass."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
WRITE_NOW = "dockhand.write_now"
"""The extension of a socket's scope by which our server lets the app write a message without a
task that waits for it: an object with `is_free()`, and `write_now(text)` while it is."""
OWN_COMPRESSION = "own_compression"
"""A route so marked compresses by itself or not at all: the framework does it on the loop."""
