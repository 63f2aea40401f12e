"""저장할 때마다 `make html`과 똑같이 짓고 브라우저를 새로 고친다.

문장 하나를 고친 빌드는 절반 넘게 꾸러미를 들여오는 데 든다. 그래서 스레드를 띄우지 않는 프로세스
하나가 꾸러미를 들여 두고, 빌드마다 갈라져 나온다. 무엇을 들일지는 앞의 빌드가 말한다. 이 저장소의
모듈은 갈라진 빌드만 들이므로, 무엇을 고쳐도 다음 빌드는 고친 대로 짓는다.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import multiprocessing
import os
import signal
import socket
import sys
import sysconfig
import webbrowser
from functools import partial
from multiprocessing.connection import Connection, wait

import build

FORK = multiprocessing.get_context("fork")
PACKAGES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
WATCHED = ("docs", "src", "conf.py")


def build_once(asker: Connection) -> None:
    """짓고, 들인 꾸러미의 모듈을 말한다."""
    build.html()
    specs = {name: getattr(module, "__spec__", None) for name, module in sys.modules.items()}
    asker.send(
        [name for name, spec in specs.items() if str(getattr(spec, "origin", "")).startswith(PACKAGES)]
    )


def build_on_demand(server: Connection, theirs: Connection) -> None:
    """서버가 청할 때마다 갈라져 짓는다. 서버가 끝나면 짓던 것과 함께 끝난다."""
    theirs.close()
    os.setpgrp()
    with contextlib.suppress(EOFError):
        while server.recv():
            builder, asker = FORK.Pipe()
            FORK.Process(target=build_once, args=[asker]).start()
            asker.close()
            if server in wait([server, builder]):
                break
            names: list[str] = []
            with contextlib.suppress(EOFError):  # 짓다가 죽었다
                names = builder.recv()
            for process in multiprocessing.active_children():
                process.join()
            server.send("지었다")
            for name in names:
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
            gc.freeze()
    os.killpg(0, signal.SIGTERM)


async def rebuild(builder: Connection, built: asyncio.Event) -> None:
    """파일이 바뀔 때마다 짓게 하고, 다 지으면 알린다."""
    from watchfiles import awatch

    loop, answered = asyncio.get_running_loop(), asyncio.Event()
    asked = False
    async for changes in awatch(*WATCHED, rust_timeout=500, yield_on_timeout=True):
        if asked and not changes:
            continue
        asked = True  # 처음에는 보기 전에 바뀐 것이 있을지 모르므로 그저 짓는다
        builder.send("지어라")
        loop.add_reader(builder.fileno(), answered.set)
        await answered.wait()
        loop.remove_reader(builder.fileno())
        answered.clear()
        builder.recv()
        built.set()


def serve(port: int) -> int:
    """짓고 보여 주기를 Ctrl-C까지 되풀이한다."""
    os.chdir(build.ROOT)
    ours, theirs = FORK.Pipe()
    builder = FORK.Process(target=build_on_demand, args=[theirs, ours])
    builder.start()
    theirs.close()
    try:
        with socket.create_server(("127.0.0.1", port)) as door:
            build.STAMP.unlink(missing_ok=True)  # Sphinx를 한 번은 불러야 무엇을 들일지 안다
            ours.send("지어라")
            ours.recv()
            show(ours, door)
    except (KeyboardInterrupt, EOFError):
        print("\ndlnotes: 그만합니다.")
    except OSError as error:
        sys.exit(f"dlnotes: {port}번 포트를 열 수 없습니다 ({error}). 다른 포트로: make serve PORT=8001")
    finally:
        ours.close()
        builder.join()
    return 0


def show(builder: Connection, door: socket.socket) -> None:
    """지은 것을 보여 주고, 새로 지으면 브라우저에 알린다."""
    import uvicorn
    from sphinx_autobuild.middleware import JavascriptInjectorMiddleware
    from sphinx_autobuild.server import RebuildServer
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount, WebSocketRoute
    from starlette.staticfiles import StaticFiles

    address = "{}:{}".format(*door.getsockname())
    pages = RebuildServer([], None, None)
    pages.watch = partial(rebuild, builder, pages.flag)  # 제 것은 갈라져 나올 수 없는 프로세스에서 짓는다
    app = Starlette(
        routes=[
            WebSocketRoute("/websocket-reload", pages),
            Mount("/", StaticFiles(directory="_build/html", html=True)),
        ],
        middleware=[Middleware(JavascriptInjectorMiddleware, ws_url=address)],
        lifespan=pages.lifespan,
    )
    print(f"dlnotes: http://{address} 에서 보여 줍니다. 그만하려면 Ctrl-C를 누르십시오.", flush=True)
    webbrowser.open(f"http://{address}")
    uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)).run([door])
