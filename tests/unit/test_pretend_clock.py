"""`PretendClock`."""

import pytest

from hptsdk.testing import PretendClock


def test_time_passes_by_sleeping_only():
    clock = PretendClock()
    clock.sleep(2)
    clock.sleep(0.5)
    assert (clock.monotonic(), clock.slept) == (2.5, [2, 0.5])


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_negative_sleep_is_an_error(seconds):
    with pytest.raises(ValueError, match="0 seconds or more"):
        PretendClock().sleep(seconds)


def test_an_endless_loop_of_sleeps_is_an_error():
    clock = PretendClock(limit=10)
    clock.sleep(10)
    with pytest.raises(AssertionError, match="slept past 10 seconds, in 2 sleeps"):
        clock.sleep(1)


def test_a_long_limit_is_shown_in_whole_seconds():
    with pytest.raises(AssertionError, match="slept past 2592000 seconds, in 1 sleep;"):
        PretendClock().sleep(1e7)


def test_a_function_can_change_the_state_during_a_sleep():
    times = []
    clock = PretendClock(on_sleep=times.append)
    clock.sleep(1)
    clock.sleep(2)
    assert times == [1, 3]
