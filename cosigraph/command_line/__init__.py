# SPDX-License-Identifier: Apache-2.0
"""The command line: one module for each command, and ``main``, which runs them.

Whatever goes wrong is one line on standard error and an exit code (see ``cosigraph.errors``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

__all__ = ["main"]

_INTERRUPTED = 130
_UNEXPECTED = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (``sys.argv`` unless given) and return its exit code.

    When interrupted, it ends the whole process: a query may still run in it, and nothing but that
    stops it.
    """
    _open_closed_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    if code == _INTERRUPTED:
        sys.stderr.flush()
        os._exit(_INTERRUPTED)
    return code


def _open_closed_streams() -> None:
    """Let what is written to a stream that was closed before the start (``>&-``) go nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _reader_gone() -> int:
    """Let what is left in the buffer go nowhere: whoever read the output has what they wanted."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _run(arguments: Sequence[str] | None) -> int:
    from typer import TyperException  # noqa: PLC0415 - Ctrl-C while loading is quiet, too
    from typer.main import get_command  # noqa: PLC0415

    from cosigraph.command_line.application import app  # noqa: PLC0415
    from cosigraph.command_line.output import ReaderGoneError  # noqa: PLC0415
    from cosigraph.errors import CosigraphError  # noqa: PLC0415

    try:
        code = get_command(app).main(args=arguments, prog_name="cosigraph", standalone_mode=False)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except ReaderGoneError:
        return _reader_gone()
    except CosigraphError as error:
        _complain(str(error))
        return error.exit_code
    except TyperException as error:
        _complain(_usage(error))
        return error.exit_code
    except Exception as error:
        if os.environ.get("COSIGRAPH_DEBUG"):
            raise
        _complain(
            f"Unexpected error: {type(error).__name__}: {error} Set COSIGRAPH_DEBUG=1 to see where."
        )
        return _UNEXPECTED
    return code if isinstance(code, int) else 0


def _usage(error: Exception) -> str:
    """Return a wrong call in one line, and where to read how it should be."""
    message = getattr(error, "format_message", error.__str__)().rstrip(".")
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "cosigraph")
    sentence = message if message.endswith(("?", ")")) else f"{message}."
    return f"{sentence} See '{command} --help'."


def _complain(message: str) -> None:
    line = " ".join(message.split())
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
    sys.stderr.write(f"cosigraph: {shown}\n")
