"""Fetching against a mailbox of its own, which breaks off wherever Hypothesis wants."""

from hypothesis import given
from hypothesis import strategies as st

from ...mailbox.connection import Refused
from ...mailbox.fetch import Fetch

KEYS = [f"k{number}" for number in range(7)]


class Killed(BaseException):
    """The process dies: nothing after it runs."""


class World:
    """A mailbox and a database that survive the process which fetches.

    :param deaths: at which steps a process dies
    """

    def __init__(self, limit, settles_at_once, deaths=(), refused=()):
        self.limit, self.settles_at_once = limit, settles_at_once
        self.deaths, self.refused = set(deaths), set(refused)
        self.step = 0
        self.on_server = list(KEYS)
        self.stored, self.processed = [], set()

    def tick(self):
        self.step += 1
        if self.step in self.deaths:
            raise Killed

    def store(self, raw, keys):
        self.tick()
        self.stored.append(raw)
        self.processed = set(keys)
        self.tick()

    def run(self, time_is_up=lambda: False):
        """Fetch as one process does; return what did not work."""
        fetch = Fetch(lambda: Session(self), self.store, self.processed, time_is_up)
        try:
            fetch.run()
        except Killed:
            return None
        self.processed = set(fetch.processed)
        return fetch.errors


class Session:
    """What a client sees of a world from login to logout."""

    def __init__(self, world):
        self.world = world
        self.limit, self.settles_at_once = world.limit, world.settles_at_once
        self.gone = []

    def pending(self):
        yield from list(self.world.on_server)

    def message(self, key):
        self.world.tick()
        if ("message", key) in self.world.refused:
            raise Refused(key)
        return key.encode()

    def done(self, key):
        self.world.tick()
        if ("done", key) in self.world.refused:
            raise Refused(key)
        if self.settles_at_once:
            self.world.on_server.remove(key)
        else:
            self.gone.append(key)

    def close(self):
        self.world.tick()
        for key in self.gone:
            self.world.on_server.remove(key)


kinds = st.sampled_from([(None, True), (3, False), (100, False)])


@given(kinds, st.lists(st.integers(1, 40), max_size=6))
def test_wherever_it_dies_each_message_is_stored_once_and_leaves_the_server(kind, deaths):
    world = World(*kind, deaths=deaths)
    for _again in range(len(deaths) + 1):
        world.run()
    assert sorted(world.stored) == [key.encode() for key in KEYS]
    assert not world.on_server
    assert not world.processed


@given(kinds, st.sets(st.tuples(st.sampled_from(["message", "done"]), st.sampled_from(KEYS))))
def test_what_the_server_refuses_stays_there_and_holds_up_nothing_else(kind, refused):
    world = World(*kind, refused=refused)
    for _again in range(2):
        assert {str(error) for error in world.run()} == {key for _step, key in refused}
    unread = {key for step, key in refused if step == "message"}
    assert sorted(world.stored) == sorted(key.encode() for key in KEYS if key not in unread)
    assert set(world.on_server) == {key for _step, key in refused}
    world.refused.clear()
    assert world.run() == []
    assert sorted(world.stored) == [key.encode() for key in KEYS]
    assert not world.on_server


@given(kinds)
def test_what_cannot_be_stored_stays_on_the_server(kind):
    world = World(*kind)
    store, world.store = world.store, None

    def full(raw, keys):
        if raw == b"k3":
            raise ValueError("disk full")
        store(raw, keys)

    world.store = full
    assert [str(error) for error in world.run()] == ["disk full"]
    assert world.on_server == ["k3"]


@given(kinds, st.integers(0, 8))
def test_when_the_time_is_up_the_rest_waits_for_the_next_run(kind, count):
    world = World(*kind)
    world.run(time_is_up=lambda: len(world.stored) >= count)
    assert len(world.stored) == min(count, len(KEYS))
    world.run()
    assert sorted(world.stored) == [key.encode() for key in KEYS]


def test_a_server_that_deletes_nothing_is_not_asked_for_ever():
    """Some keep all messages, whatever a POP client deletes."""
    world = World(3, False)

    class Keeping(Session):
        def close(self):
            pass

    fetch = Fetch(lambda: Keeping(world), world.store, set(), lambda: False)
    fetch.run()
    assert sorted(world.stored) == [key.encode() for key in KEYS]
