"""Hashes know every byte, every name, and where one file ends and the next begins."""

from __future__ import annotations

import os

from geo.files.hashes import file_hash, files_hash


def test_a_hash_is_that_of_the_contents_even_when_size_and_name_stay(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    # FIPS 180-2, appendix B.1: the SHA-256 of “abc”.
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file_hash(path) == known
    path.write_bytes(b"abd")
    os.utime(path, ns=(1, 1))
    assert file_hash(path) != known


def test_a_hash_of_files_knows_names_and_where_one_ends(tmp_path):
    for name, text in {"a": "xy", "b": "z", "c": "x", "d": "yz"}.items():
        (tmp_path / name).write_text(text)
    a, b, c, d = (tmp_path / name for name in "abcd")
    assert files_hash([a, b]) == files_hash([b, a])
    assert len({files_hash(paths) for paths in ([a, b], [c, d], [a, d], [a], [])}) == 5
