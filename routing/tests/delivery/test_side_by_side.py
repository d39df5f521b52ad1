from threading import Event

from ...delivery.side_by_side import side_by_side


def test_who_is_silent_keeps_nobody_waiting():
    silent = Event()
    jobs = {"silent": silent.wait, **{n: lambda n=n: n for n in range(30)}}
    done = []
    for key, future in side_by_side(jobs, at_most=2):
        done.append((key, future.result()))
        if len(done) == 30:
            silent.set()
    assert done == [*((n, n) for n in range(30)), ("silent", True)]


def test_no_more_is_begun_than_is_taken():
    begun = []
    jobs = {n: lambda n=n: begun.append(n) for n in range(10)}
    steps = side_by_side(jobs, at_most=3)
    next(steps)
    assert len(begun) <= 3
    steps.close()


def test_an_error_is_kept_for_its_key():
    [(key, future)] = side_by_side({"a": lambda: 1 / 0})
    assert key == "a"
    assert isinstance(future.exception(), ZeroDivisionError)
