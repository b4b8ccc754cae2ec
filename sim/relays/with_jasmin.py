"""Jasmin as a relay: its SMPP server -> RabbitMQ -> its SMPP client connectors, receipts by way of Redis.

A venv has Jasmin; RabbitMQ and Redis are Debian's, started here with ports and folders of their own. Its daemons are the
ones its documentation recommends: jasmind, dlrlookupd, dlrd. Logging of single messages is off.

- 0.11.1, the newest on PyPI, matches no receipt (jookies/jasmin issues 1218 and 1236), so 0.11.0 is taken.
- Its packages of that time need a Python older than 3.13, and `pkg_resources`.
- A connector has one message under way (`basic_qos(prefetch_count=1)`), whatever its throughput: several stand side by side.
- Its login must not be digits: Redis gives them back as a number, and receipts are thrown at nobody.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

import ground

VERSION = "0.11.0"
PACKAGES = [f"jasmin=={VERSION}", "setuptools==80.9.0"]
# Two at least, or it refuses the route.
CONNECTORS = 16
LOCK = pathlib.Path("/tmp/jasmind.lock")
RABBIT = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
CONFIG = """
[amqp-broker]
port = {amqp}
spec = {spec}
[redis-client]
port = {redis}
[smpp-server]
bind = 127.0.0.1
port = {smpp}
log_level = WARNING
[client-management]
bind = 127.0.0.1
port = {manager}
[router]
bind = 127.0.0.1
port = {router}
[smpp-server-pb]
bind = 127.0.0.1
port = {thrower}
[smpp-server-pb-client]
port = {thrower}
[jcli]
port = {console}
authentication = False
[sm-listener]
log_level = WARNING
[dlr]
log_level = WARNING
[dlr-thrower]
log_level = WARNING
"""
CONNECTOR = """
smppccm -a
cid {name}
host 127.0.0.1
port {carrier}
username {login}
password {secret}
submit_throughput 0
src_ton 0
dst_ton 0
loglevel 30
ok
smppccm -1 {name}
"""
ACCOUNT = """
group -a
gid senders
ok
user -a
username {login}
password {secret}
gid senders
uid sender
ok
filter -a
type TransparentFilter
fid everything
ok
"""
ROUTE = """
mtrouter -a
type RandomRoundrobinMTRoute
order 10
filters everything
connectors {connectors}
rate 0
ok
"""


def prepare(options):
    there = lambda: RABBIT.is_file() and shutil.which("redis-server") and shutil.which("epmd")  # noqa: E731
    ground.system(["rabbitmq-server", "redis-server"], there, options.install)
    if LOCK.exists():
        raise ground.Skipped(f"a jasmind is at work here, or was killed and left {LOCK}")
    python = ground.venv(fitting(), options.tools / "venv-jasmin", PACKAGES, options.install)
    said = ground.run([str(python), "-c", "import sys, jasmin.managers.clients; print(sys.version.split()[0])"], within=60)
    broker, store = ground.version("rabbitmq-server"), ground.version("redis-server")
    return f"jasmin {VERSION} on Python {said.strip()}, rabbitmq-server {broker}, redis-server {store}"


def fitting():
    """A Python that Jasmin can be installed for."""
    check = "import sys, venv, ensurepip; sys.exit(not (3, 8) <= sys.version_info < (3, 13))"
    for name in (sys.executable, "python3.12", "python3.11", "python3.10", "python3.9"):
        if shutil.which(name) and not subprocess.run([name, "-c", check], capture_output=True).returncode:
            return name
    raise ground.Skipped("needs a Python from 3.8 to 3.12, with venv (python3-venv)")


class Jasmin:
    """Broker, store and daemons, before this carrier."""

    way = "smpp"

    def __init__(self, plan, carrier, tools):
        self.plan, self.carrier, self.tools, self.folder = plan, carrier, tools, ground.folder("jasmin")
        names = ("amqp", "dist", "epmd", "redis", "smpp", "manager", "router", "thrower", "console")
        self.ports = {name: ground.free() for name in names}
        self.port, self.broker, self.store, self.daemons = self.ports["smpp"], [], [], []
        try:
            self._stores()
            self._daemons()
            self._configure()
        except BaseException:
            self.end()
            raise

    def _stores(self):
        at = ground.folder("jasmin/rabbit")
        (at / "plugins").write_text("[].")
        (at / "env").write_text("")
        ports = {name: str(port) for name, port in self.ports.items()}
        environment = {**os.environ, "HOME": str(at), "ERL_EPMD_PORT": ports["epmd"], "RABBITMQ_NODENAME": "relays@localhost",
                       "RABBITMQ_NODE_PORT": ports["amqp"], "RABBITMQ_DIST_PORT": ports["dist"],
                       "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_MNESIA_BASE": str(at / "mnesia"),
                       "RABBITMQ_LOG_BASE": str(at / "log"), "RABBITMQ_PID_FILE": str(at / "pid"),
                       "RABBITMQ_CONFIG_FILE": str(at / "none"), "RABBITMQ_CONF_ENV_FILE": str(at / "env"),
                       "RABBITMQ_ENABLED_PLUGINS_FILE": str(at / "plugins")}
        # Ours, not one that the broker leaves behind.
        names = ["epmd", "-port", ports["epmd"], "-address", "127.0.0.1"]
        self.broker.append(ground.Program("epmd", names, env=environment))
        ground.listening(self.broker[-1], self.ports["epmd"], "epmd")
        self.broker.append(ground.Program("rabbitmq", [str(RABBIT)], env=environment))
        redis = ["redis-server", "--port", ports["redis"], "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.store.append(ground.Program("redis", redis))
        ground.listening(self.store[0], self.ports["redis"], "Redis")
        ground.listening(self.broker[-1], self.ports["amqp"], "RabbitMQ")
        # It listens a moment before it has finished.
        self.broker[-1].line("completed with", 60)

    def _daemons(self):
        venv = self.tools / "venv-jasmin"
        spec = next(venv.glob("lib/python*/site-packages/txamqp/specs/standard/amqp0-9-1.stripped.xml"))
        config = self.folder / "jasmin.cfg"
        config.write_text(CONFIG.format(spec=spec, **self.ports))
        log, store = ground.folder("jasmin/log"), ground.folder("jasmin/store")
        places = {"LOG_PATH": log, "STORE_PATH": store, "CONFIG_PATH": self.folder}
        environment = {**os.environ, **{name: str(place) for name, place in places.items()}}
        # The id is in the name of a lock file in /tmp; jasmind's has none, so that two at once are not to be had.
        named = ["-i", "relays"]
        for name, more in (("jasmind", ["--disable-http-api"]), ("dlrlookupd", named), ("dlrd", named)):
            command = [str(venv / "bin/python"), str(venv / "bin" / f"{name}.py"), "-c", str(config), *more]
            self.daemons.append(ground.Program(name, command, env=environment))
            if name == "jasmind":
                ground.listening(self.daemons[-1], self.ports["console"], "jasmind")

    def _configure(self):
        words = {"login": self.plan.login, "secret": self.plan.secret, "carrier": self.carrier}
        names = [f"carrier{n}" for n in range(CONNECTORS)]
        script = ACCOUNT.format(**words) + "".join(CONNECTOR.format(name=name, **words) for name in names)
        script += ROUTE.format(connectors=";".join(f"smppc({name})" for name in names))
        with socket.create_connection(("127.0.0.1", self.ports["console"]), timeout=20) as console:
            self._said(console, r"Session ref: \d+\s")
            for line in script.split("\n"):
                if line:
                    console.sendall(line.encode() + b"\r\n")
                    self._said(console, r"(jcli : |> )$")

            def bound():
                console.sendall(b"smppccm -l\r\n")
                return self._said(console, r"jcli : $").count("BOUND_TRX") == CONNECTORS
            ground.until(bound, "Jasmin is bound")

    @staticmethod
    def _said(console, pattern):
        """What the console says up to this."""
        text = ""
        while not re.search(pattern, text):
            some = console.recv(65536)
            if not some:
                raise AssertionError(f"Jasmin's console ended after: {text[-300:]}")
            text += some.decode(errors="replace")
        if re.search(r"Error|Unknown|must be|Incorrect", text):
            raise AssertionError(f"Jasmin's console: {text[-300:]}")
        return text

    def parts(self):
        return {"jasmin": self.daemons, "rabbitmq": self.broker, "redis": self.store}

    def end(self):
        for program in reversed(self.broker + self.store + self.daemons):
            program.end(10)
