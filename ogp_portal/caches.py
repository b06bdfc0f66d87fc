"""A memory for answers that is bounded by what it takes, not by how many things it holds."""

from django.core.cache.backends.locmem import LocMemCache

# How many bytes the values of each memory take, by its name: one number in a list.
_taken = {}


class BoundedMemory(LocMemCache):
    """Django's cache in the memory of a process, with at most `BYTES` of values (in OPTIONS).

    What was read or written last goes last. A value that alone takes more than the bound is not held.
    """

    def __init__(self, name, params):
        options = params.get("OPTIONS", {})
        self._most = options["BYTES"]
        # The base class bounds how many things it holds; that many never fit.
        super().__init__(name, params | {"OPTIONS": {"MAX_ENTRIES": self._most}})
        # Each thread has an object of its own; those of one name share what they hold.
        self._bytes = _taken.setdefault(name, [0])

    def _set(self, key, value, timeout=None):
        self._delete(key)
        if len(value) > self._most:
            return
        super()._set(key, value, timeout)
        self._bytes[0] += len(value)
        while self._bytes[0] > self._most:
            self._delete(next(reversed(self._cache)))

    def _delete(self, key):
        self._bytes[0] -= len(self._cache.get(key, b""))
        return super()._delete(key)

    def clear(self):
        super().clear()
        self._bytes[0] = 0
