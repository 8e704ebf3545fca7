"""A pytest plugin: the tests of different files side by side, in as many processes as processors.

The tests are collected once, and then the process forks. Each fork asks for the next file, runs
its tests as pytest does, and sends what pytest reports of them; here the reports are shown, file
by file, and counted. `make test` loads it with `-p tests.side_by_side`; without it, or with
`--processes 1`, pytest runs all tests in its own process.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator
from itertools import chain, groupby, pairwise
from multiprocessing.connection import Connection, wait

import pytest

NEXT_FILE = "next file"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--processes", type=int, default=os.cpu_count(), help="how many run tests at a time"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the collected tests in forks, or leave them to pytest where there is nothing to gain."""
    files = [list(items) for _, items in groupby(session.items, lambda item: item.path)]
    count = min(session.config.getoption("processes"), len(files))
    if count < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    Supervisor(session, files).run(count)
    return True


class Reporter:
    """Sends each thing that pytest reports in a fork: a hook's name and its arguments."""

    def __init__(self, config: pytest.Config, supervisor: Connection) -> None:
        self.config = config
        self.supervisor = supervisor

    def pytest_runtest_logstart(self, nodeid: str, location: tuple) -> None:
        self.supervisor.send(("pytest_runtest_logstart", nodeid, location))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        self.supervisor.send(("pytest_runtest_logreport", data))

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple) -> None:
        self.supervisor.send(("pytest_runtest_logfinish", nodeid, location))


def work(session: pytest.Session, files: list[list[pytest.Item]], supervisor: Connection) -> None:
    """Run one file's tests after the other's, until there is none left or a limit is reached."""
    plugins = session.config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.register(Reporter(session.config, supervisor))
    capture = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()  # its files are shared with the other forks
    capture.start_global_capturing()
    try:
        for item, following in pairwise(chain(_asked_for(files, supervisor), [None])):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if following is None or following.path != item.path:
                gc.collect()  # what the file's fixtures held is garbage only now
                gc.freeze()  # what its tests leave would be looked through again and again
    except KeyboardInterrupt:
        pass  # the supervisor has it too, and says so


def _asked_for(files: list[list[pytest.Item]], supervisor: Connection) -> Iterator[pytest.Item]:
    while True:
        supervisor.send((NEXT_FILE,))
        number = supervisor.recv()
        if number is None:
            return
        yield from files[number]


class Supervisor:
    """Hands out files, and shows the reports of each when its last test is done."""

    def __init__(self, session: pytest.Session, files: list[list[pytest.Item]]) -> None:
        self.session = session
        self.files = files
        self.last_tests = {items[-1].nodeid for items in files}
        self.numbers = iter(range(len(files)))
        self.messages: dict[Connection, list[tuple]] = {}
        self.unfinished: dict[Connection, list[int]] = {}

    def run(self, count: int) -> None:
        """Raises RuntimeError when a fork ends before its tests do, and as pytest does at -x."""
        forks = [self._fork() for _ in range(count)]
        try:
            while self.messages:
                for connection in wait(list(self.messages)):
                    self._answer(connection)
        finally:
            for fork in forks:
                fork.terminate()
                fork.join()

    def _fork(self) -> multiprocessing.process.BaseProcess:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        fork = context.Process(target=work, args=(self.session, self.files, theirs))
        fork.start()
        theirs.close()  # so that the fork's end is seen here
        self.messages[ours], self.unfinished[ours] = [], []
        return fork

    def _answer(self, connection: Connection) -> None:
        try:
            message = connection.recv()
        except EOFError:
            self._ended(connection)
            return
        if message == (NEXT_FILE,):
            number = next(self.numbers, None)
            self.unfinished[connection] += [] if number is None else [number]
            connection.send(number)
            return
        messages = self.messages[connection]
        messages.append(message)
        if message[0] == "pytest_runtest_logfinish" and message[1] in self.last_tests:
            self.messages[connection] = []
            del self.unfinished[connection][0]
            for name, *arguments in messages:
                self._show(name, *arguments)

    def _ended(self, connection: Connection) -> None:
        messages = self.messages.pop(connection)
        unfinished = self.unfinished.pop(connection)
        if unfinished:
            place = messages[-1][1] if messages else self.files[unfinished[0]][0].nodeid
            raise RuntimeError(f"the process that ran these tests died in {place}")

    def _show(self, name: str, *arguments: object) -> None:
        config = self.session.config
        if name == "pytest_runtest_logreport":
            (data,) = arguments
            report = config.hook.pytest_report_from_serializable(config=config, data=data)
            config.hook.pytest_runtest_logreport(report=report)
        else:
            nodeid, location = arguments
            getattr(config.hook, name)(nodeid=nodeid, location=location)
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
