"""Files and folders that a program may have changed: opening, listing and removing them."""

import os
import socket

import pytest

from hptsdk.local._files import Entry, open_below, open_regular, remove_tree, walk


def nest(folder, depth, name="d"):
    """Create nested folders, which can be deeper than the longest path."""
    place = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=place)
        below = os.open(name, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)


@pytest.fixture
def tree(tmp_path):
    """Return a folder with a file, a folder and two links."""
    folder = tmp_path / "tree"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_text("inside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("outside")
    return folder


def test_a_regular_file_is_opened(tree):
    with open_regular(tree / "deep" / "file") as file:
        assert file.read() == b"inside"


def test_a_fifo_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(OSError, match="Not a regular file"):
        open_regular(tmp_path / "fifo")


def test_a_link_is_refused(tree):
    (tree / "link").symlink_to("deep/file")
    with pytest.raises(OSError, match="Not a regular file"):
        open_regular(tree / "link")


def test_a_link_is_followed_on_request(tree):
    (tree / "link").symlink_to("deep/file")
    with open_regular(tree / "link", follow_links=True) as file:
        assert file.read() == b"inside"


@pytest.mark.parametrize("special", ["folder", "socket", "device"])
def test_an_entry_that_is_not_a_regular_file_is_refused(tmp_path, special, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if special == "folder":
        (tmp_path / special).mkdir()
    elif special == "socket":
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind(special)
    else:
        (tmp_path / special).symlink_to("/dev/null")
    with pytest.raises(OSError, match=r"Not a regular file|No such device"):
        open_regular(tmp_path / special, follow_links=True)


def test_a_refused_file_leaves_nothing_open(tmp_path):
    before = os.listdir("/dev/fd")  # noqa: PTH208 - of this process
    with pytest.raises(OSError, match="Not a regular file"):
        open_regular(tmp_path)
    assert os.listdir("/dev/fd") == before  # noqa: PTH208 - of this process


def test_no_part_of_a_name_below_a_folder_may_be_a_link(tree, tmp_path):
    (tree / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        open_below(tree, "link/file")


def test_a_walk_lists_a_folder_before_its_contents_and_follows_no_link(tree, tmp_path):
    (tree / "link").symlink_to(tmp_path / "outside")
    os.mkfifo(tree / "deep" / "fifo")
    assert list(walk(tree)) == [
        Entry("deep", "folder"),
        Entry("link", "link"),
        Entry("deep/fifo", "other"),
        Entry("deep/file", "file"),
    ]


def test_a_folder_that_is_deleted_during_a_walk_is_a_problem_and_the_others_are_listed(tree):
    (tree / "later").mkdir()
    (tree / "later" / "file").touch()
    problems = []
    entries = walk(tree, problems)
    next(entries)
    remove_tree(tree / "deep")
    assert [entry.name for entry in entries] == ["later", "later/file"]
    assert [type(problem) for problem in problems] == [FileNotFoundError]


def test_a_folder_that_becomes_a_link_during_a_walk_is_not_followed(tree, tmp_path):
    problems = []
    entries = walk(tree, problems)
    next(entries)
    remove_tree(tree / "deep")
    (tree / "deep").symlink_to(tmp_path / "outside")
    assert list(entries) == []
    assert len(problems) == 1


@pytest.mark.parametrize(("depth", "name"), [(201, "d"), (17, "d" * 250)])
def test_folders_are_nested_too_deeply_for_a_walk_by_their_number_and_by_the_length_of_a_path(tree, depth, name):
    nest(tree, depth, name)
    with pytest.raises(ValueError, match="nested too deeply"):
        list(walk(tree))
    # pytest cannot remove folders that are deeper than the longest path
    remove_tree(tree)


def test_as_many_nested_folders_as_are_allowed_are_listed(tree):
    nest(tree, 200)
    assert sum(entry.name.startswith("d/") for entry in walk(tree)) == 199


def test_folders_with_too_long_paths_are_removed(tree):
    nest(tree, 30, "d" * 250)
    remove_tree(tree)
    assert not tree.exists()


@pytest.mark.long
def test_folders_deeper_than_the_recursion_limit_are_removed(tree):
    nest(tree, 3000)
    remove_tree(tree)
    assert not tree.exists()


def test_folders_without_write_permission_are_made_writable_and_removed(tree, monkeypatch):
    (tree / "deep" / "deeper").mkdir()
    for folder in (tree / "deep" / "deeper", tree / "deep", tree):
        folder.chmod(0o000)
    modes = []
    real = os.scandir

    def scan(place):
        modes.append(os.stat(place).st_mode & 0o777)  # noqa: PTH116 - of a file descriptor too
        return real(place)

    # root can read and write with any mode
    monkeypatch.setattr(os, "scandir", scan)
    remove_tree(tree)
    assert not tree.exists()
    assert set(modes) == {0o700}


def test_the_target_of_a_link_in_a_removed_folder_stays(tree, tmp_path):
    (tree / "link").symlink_to(tmp_path / "outside")
    remove_tree(tree)
    assert (tmp_path / "outside" / "file").read_text() == "outside"


def test_a_file_and_a_link_are_removed_as_they_are(tree, tmp_path):
    (tree / "link").symlink_to(tmp_path / "outside")
    remove_tree(tree / "link")
    remove_tree(tree / "deep" / "file")
    remove_tree(tree / "missing")
    assert list(walk(tree)) == [Entry("deep", "folder")]
