"""A clock that only pretends."""

import pytest

from hptsdk.testing import PretendClock


def test_time_passes_by_sleeping_only():
    clock = PretendClock()
    clock.sleep(2)
    clock.sleep(0.5)
    assert (clock.monotonic(), clock.slept) == (2.5, [2, 0.5])


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_no_time_can_be_taken_back(seconds):
    with pytest.raises(ValueError, match="0 seconds or more"):
        PretendClock().sleep(seconds)


def test_a_sleeper_for_ever_is_told():
    clock = PretendClock(limit=10)
    clock.sleep(10)
    with pytest.raises(AssertionError, match="slept past 10 seconds, in 2 sleeps"):
        clock.sleep(1)


def test_what_is_waited_for_can_go_on_in_a_sleep():
    times = []
    clock = PretendClock(on_sleep=times.append)
    clock.sleep(1)
    clock.sleep(2)
    assert times == [1, 3]
