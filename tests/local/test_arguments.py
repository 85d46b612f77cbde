"""Errors for invalid roots, invalid arguments and calls of a closed service."""

import os
from pathlib import Path
from threading import Thread

import pytest
from running import IMAGE, job, shell, training, until
from test_serve_command import in_a_thread

from hptsdk import errors
from hptsdk.cli import main
from hptsdk.local import Container, LocalService, Program, serve_command

OTHER = "my-imag:1"


# --- wrong roots ---


@pytest.fixture
def project(tmp_path):
    """Return the folder of a user, which is not a root."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "train.csv").touch()
    return folder


def test_a_command_reports_a_folder_that_does_not_exist(tmp_path, capsys):
    assert main(["list", "--local", str(tmp_path / "tpyo")]) == 1
    assert capsys.readouterr().err == f"hptsdk: --local: the folder {tmp_path / 'tpyo'} does not exist\n"


def test_a_command_reports_a_folder_that_is_not_a_root(project, capsys):
    assert main(["list", "--local", str(project)]) == 1
    assert f"{project} is not the root of a local service" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["train.csv", "data", "credentials"])
def test_a_folder_with_other_files_does_not_become_a_root(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match=f"has other files, such as {name}, and is not the root .* new folder"):
        LocalService(tmp_path)
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208 - only names


def test_a_root_with_files_of_its_user_opens_again(tmp_path):
    LocalService(tmp_path).close()
    (tmp_path / "notes.txt").touch()
    LocalService(tmp_path).close()


def test_a_root_whose_first_opening_was_interrupted_opens_again(tmp_path, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hptsdk.local._service.claim_keys", fail)
        with pytest.raises(KeyboardInterrupt):
            LocalService(tmp_path)
    LocalService(tmp_path).close()


def test_a_root_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "train.py").touch()
    with pytest.raises(NotADirectoryError, match=r"root: expected a folder, got the file .*train\.py"):
        LocalService(tmp_path / "train.py")


# --- a root that is open ---


def test_the_error_for_a_root_that_is_open_in_this_process_has_the_call_that_closes_it(open_service):
    open_service()
    with pytest.raises(RuntimeError, match=r"open in another LocalService of this process; .*service\.close\(\)"):
        open_service()


def test_the_error_for_a_root_that_is_open_in_another_process_names_the_process(open_service):
    service = open_service()
    (service.root / "lock").write_text("4711 other")
    with pytest.raises(RuntimeError, match="open in another LocalService, in process 4711; end that process first"):
        open_service()


# --- a closed service ---


def test_a_closed_service_creates_no_client(open_service):
    service = open_service()
    service.close()
    with pytest.raises(RuntimeError, match=r"closed; open its root again with LocalService\('/.*root'\)$"):
        service.client()


def test_a_closed_service_accepts_no_program(open_service):
    service = open_service()
    service.close()
    with pytest.raises(RuntimeError, match="the service is closed; open its root again with LocalService"):
        service.add_program(["train"], image=IMAGE)


# --- an image without a program ---


@pytest.fixture
def refusal(open_service):
    """Return a function that returns the error for an image without a program; its argument is an image with one."""

    def refuse(known):
        service = open_service(images={known: shell("echo loss=1")})
        with pytest.raises(errors.ValidationRefusedError) as caught:
            service.client().create(job(definition=training()).build())
        return str(caught.value)

    return refuse


def test_the_error_for_an_image_without_a_program_begins_with_the_call_that_adds_one(refusal):
    message = refusal("other:1")
    call = f"service.add_program([...], image={IMAGE!r})"
    assert call in message
    assert message.index(call) < message.index("stop the service and start it with: ")


def test_the_error_for_an_image_without_a_program_names_a_similar_image(refusal):
    assert f"did you mean {OTHER!r}?" in refusal(OTHER)


def test_the_error_for_an_image_without_a_program_names_no_other_image(refusal):
    assert "did you mean" not in refusal("something-else")


def test_an_ellipsis_is_not_a_program():
    with pytest.raises(TypeError, match=r"replace \.\.\. with the program and its arguments"):
        Program(command=[...])


def test_the_placeholder_command_is_not_a_program(tmp_path, capsys):
    assert main(["local", "serve", "--root", str(tmp_path), "--image", "my-image:1=COMMAND"]) == 1
    expected = "hptsdk: --image my-image:1=COMMAND: replace COMMAND with the command that runs the program\n"
    assert capsys.readouterr().err == expected


def test_a_command_with_an_open_quote_is_refused_with_its_option(tmp_path, capsys):
    assert main(["local", "serve", "--root", str(tmp_path), "--algorithm", "mine=python 'a b.py"]) == 1
    assert capsys.readouterr().err.startswith("hptsdk: --algorithm mine=python 'a b.py: ")


# --- arguments ---


def test_images_that_are_not_a_mapping_are_refused(tmp_path):
    expected = r"images: expected a mapping, such as \{'my-image:1': \['python', 'train.py'\]\}, got a list of 2 items"
    with pytest.raises(TypeError, match=expected):
        LocalService(tmp_path, images=["python", "slow.py"])


def test_the_error_for_an_unknown_argument_suggests_another(tmp_path):
    with pytest.raises(TypeError, match=r"LocalService\(\) .* keyword argument 'image'; did you mean 'images'\?"):
        LocalService(tmp_path, image={})


def test_the_error_for_an_unknown_argument_of_a_program_suggests_another():
    with pytest.raises(TypeError, match=r"Program\(\) .* keyword argument 'env'; did you mean 'environment'\?"):
        Program(command=["train"], env={})


def test_arguments_of_a_program_has_one_of_three_values():
    with pytest.raises(ValueError, match=r"^arguments: expected .script., .train. or .none., got .cli.$"):
        Program(command=["python"], arguments="cli")


def test_the_error_for_a_missing_log_names_the_training_job(open_service):
    with pytest.raises(FileNotFoundError, match="the training job nope has no log"):
        open_service().log("nope")


@pytest.mark.parametrize(("name", "hint"), [("s3://amzn", "write 'amzn'"), ("amzn/data", ""), ("", ""), ("..", "")])
def test_an_invalid_bucket_name_is_refused(tmp_path, name, hint):
    with pytest.raises(ValueError, match="buckets: expected the name of a bucket, such as 'amzn-s3-demo-bucket'") as e:
        LocalService(tmp_path / "root", buckets={name: tmp_path})
    assert hint in str(e.value)


# --- programs that cannot start ---


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["no-such-program"], "there is no program no-such-program on the PATH"),
        (["./no-such-program"], "there is no executable file {}/no-such-program"),
        (["/no/such/program"], "there is no executable file /no/such/program"),
        (["python", "no-such.py"], "there is no file {}/no-such.py"),
        (["/bin/sh", "/no/such.sh"], "there is no file /no/such.sh"),
    ],
    ids=["name", "relative path", "absolute path", "script", "absolute path of a script"],
)
def test_the_service_warns_of_a_program_that_cannot_start(open_service, caplog, command, reason):
    open_service(images={IMAGE: command})
    assert [record.message for record in caplog.records if IMAGE in record.message] == [
        f"the program of the image {IMAGE} cannot start: {reason.format(Path.cwd())}"
    ]


def test_the_service_warns_of_an_added_program_that_cannot_start(open_service, caplog):
    open_service().add_program(["no-such-program"], algorithm="mine")
    assert (
        "the program of the algorithm mine cannot start: there is no program no-such-program on the PATH" in caplog.text
    )


@pytest.mark.parametrize(
    "program",
    [
        ["python", "-c", "import os.path"],
        ["/bin/sh", "-c", "exec ./no-such.sh"],
        ["python", "-m", "package", "--config=no-such.py"],
        Program(command=["tool"], environment={"PATH": "elsewhere"}),
    ],
)
def test_the_service_does_not_warn_of_a_program_that_may_start(open_service, caplog, program):
    open_service(images={IMAGE: program})
    assert "cannot start" not in caplog.text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"arguments": 5}, "arguments: expected a list of strings, got 5"),
        ({"arguments": None}, "arguments: expected a list of strings, got None"),
        ({"entrypoint": ["python"]}, "entrypoint: expected a string, got a list of 1 item"),
    ],
)
def test_an_argument_of_a_container_with_another_type_is_refused(options, message):
    with pytest.raises(TypeError, match=f"^{message}$"):
        Container(**options)


# --- the end of a service ---


def test_the_command_names_the_unfinished_tuning_jobs_when_the_service_ends(open_service, capsys):
    service = open_service(shell("sleep 60"))
    service.client().create(job().build())
    service.close()
    with in_a_thread(serve_command(service.root)):
        until((service.root / "endpoint").exists)
    assert capsys.readouterr().err.splitlines()[-3:] == [
        "hptsdk: unfinished tuning jobs: demo",
        "to continue them, start the service again with:",
        f"  {serve_command(service.root)}",
    ]


def test_the_command_names_no_tuning_jobs_when_the_service_ends_if_all_have_ended(tmp_path, capsys):
    with in_a_thread(f"hptsdk local serve --root {tmp_path}/root"):
        pass
    assert "unfinished" not in capsys.readouterr().err


def test_a_command_whose_service_ends_prints_how_to_start_it_again(open_service, capsys):
    service = open_service(shell("sleep 60"), stop_grace=0.1)
    service.client().create(job().build())
    root = str(service.root)
    watching = Thread(target=main, args=(["watch", "demo", "--local", root, "--poll", "0.05"],))
    watching.start()
    until(lambda: capsys.readouterr().out)
    service.close()
    watching.join(30)
    note = f"The local service of {root} has ended. Start it again with: {serve_command(root)}"
    assert note in capsys.readouterr().err
