"""The search for cycles rests in a block, and goes on after it."""

import gc

import pytest

from analysis.cycles import uncollected


def test_the_collector_of_cycles_is_as_before_after_a_block_and_after_an_error():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(RuntimeError), uncollected():
        raise RuntimeError
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_function_can_be_uncollected():
    @uncollected()
    def look(value):
        return value, gc.isenabled()

    assert look("one") == ("one", False)
    assert look("two") == ("two", False)
    assert gc.isenabled()
