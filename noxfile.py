"""The project's sessions: `python3 noxfile.py -s NAME`.

It needs a supported Python, and installs nox in an environment in `.nox`. Up to the import of nox, this file also
runs on an unsupported Python, to find a supported one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
METADATA = (HERE / "pyproject.toml").read_text(encoding="utf-8")
PYTHONS = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', METADATA)
OLDEST = PYTHONS[0]
THIS = "{}.{}".format(*sys.version_info)

# Environment variables that configure Python have no effect on sessions. No session downloads a Python.
for name in [name for name in os.environ if name.startswith("PYTHON")]:
    del os.environ[name]
os.environ["UV_PYTHON_DOWNLOADS"] = "never"


def main() -> int:
    """Run nox with the arguments of the command line, on this Python or on the newest supported one.

    Returns:
        The exit code of nox; 1 if there is no supported Python.
    """
    path = os.pathsep.join([*pyenv_folders(), os.environ.get("PATH", os.defpath)])
    if THIS not in PYTHONS:
        supported = newest_python(path)
        if supported is None:
            print(f"hptsdk needs Python {' or '.join(PYTHONS)}. This is {THIS}, and none of them is installed.")
            print("Install one of them. If it is not on the PATH, run: /path/to/python3.13 noxfile.py -s tests")
            return 1
        print(f"hptsdk does not support Python {THIS}. Continuing with {supported}", flush=True)
        return subprocess.run([supported, *sys.argv], check=False).returncode
    python = nox_python()
    environment = {**os.environ, "PATH": os.pathsep.join([path, str(python.parent)])}
    return subprocess.run(
        [str(python), "-m", "nox", "-f", __file__, *sys.argv[1:]], check=False, env=environment
    ).returncode


def nox_python() -> Path:
    """Return the Python of the environment that contains nox. The environment is created on first use."""
    lock = HERE / "requirements" / "nox.txt"
    place = HERE / ".nox" / f"bootstrap-{THIS}"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = place / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        print(f"Installing nox in {place.relative_to(HERE)}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)], check=True
        )
        stamp.write_bytes(lock.read_bytes())
    return python


def newest_python(path: str) -> str | None:
    """Return the newest supported Python on a search path that can create environments; None if there is none."""
    for version in reversed(PYTHONS):
        python = shutil.which(f"python{version}", path=path)
        # the commands of pyenv fail for versions that are not active
        if python and subprocess.run([python, "-c", "import venv, ensurepip"], check=False).returncode == 0:
            return python
    return None


def pyenv_folders() -> list[str]:
    """Return the folders with the supported Pythons of pyenv, the newest of each version; empty without pyenv."""
    pyenv = shutil.which("pyenv")
    root = Path(os.environ.get("PYENV_ROOT") or (Path(pyenv).parent.parent if pyenv else HERE / "none"))
    latest = [max((root / "versions").glob(f"{version}.*/bin"), key=release, default=None) for version in PYTHONS]
    return [str(folder) for folder in latest if folder]


def release(folder: Path) -> list[int]:
    """Return the version numbers in the name of a folder, so that 3.11.10 sorts after 3.11.9."""
    return [int(part) for part in folder.parent.name.split(".") if part.isdigit()]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

import tomllib

import nox

PROJECT = tomllib.loads(METADATA)["project"]

nox.needs_version = ">=2026.2.9"
nox.options.default_venv_backend = "uv|venv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["tests", "lint", "types", "contracts"]
nox.options.reuse_venv = "yes"


def prepare(session: nox.Session, lock: str) -> None:
    """Install the packages of a lock file in `requirements`, and the project in editable mode."""
    session.install("--quiet", "--require-hashes", "-r", f"requirements/{lock}.txt")
    session.install("--quiet", "--no-deps", "--no-build-isolation", "-e", ".")


def install_uv(session: nox.Session) -> None:
    """Install the version of uv in the lock file of nox."""
    session.install("--quiet", "--require-hashes", "-r", "requirements/nox.txt")


@nox.session
def demo(session: nox.Session) -> None:
    """Run a tuning job on this machine, over SageMaker's protocol, and show error messages."""
    prepare(session, "demo")
    session.run("python", "examples/demo.py", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on the Python that starts the session."""
    run_tests(session)
    session.log("Other sessions: `tests-all` runs the tests on each supported Python on this machine, `long` runs the")
    session.log("tests that take several seconds each, `lint`, `types` and `contracts` check the source.")
    session.log("`python3 noxfile.py -l` lists all sessions.")


@nox.session(name="tests-all", python=PYTHONS)
def tests_all(session: nox.Session) -> None:
    """Run the tests on each supported Python on this machine."""
    run_tests(session)


@nox.session
def long(session: nox.Session) -> None:
    """Run the tests that take several seconds each, and the property tests with more examples."""
    run_tests(session, "-m", "long or hypothesis", "--hypothesis-profile", "thorough")


def run_tests(session: nox.Session, *options: str, lock: str = "tests") -> None:
    """Run pytest in three processes, with options for it. It fails if no test ran."""
    prepare(session, lock)
    # three processes keep two processors busy, because tests of the local service wait for programs and for the disk;
    # worksteal distributes files mostly as a whole, so that their fixtures start once
    session.run("pytest", "--numprocesses", "3", "--dist", "worksteal", *options, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run all tests, including the long ones, and report the branches that no test executes."""
    prepare(session, "tests")
    env = {"COVERAGE_FILE": str(Path(session.create_tmp()) / "coverage")}
    options = ["-m", "long or not long", "--cov", "--cov-report", "term"]
    session.run("pytest", "--numprocesses", "2", *options, *session.posargs, env=env)


@nox.session(python=OLDEST)
def oldest(session: nox.Session) -> None:
    """Run the tests with the oldest allowed dependencies, on the oldest supported Python."""
    # rules, pages and the files of the project do not depend on the versions of packages
    ignored = (f"--ignore=tests/{name}" for name in ("docs", "project", "rules"))
    run_tests(session, *ignored, lock="oldest")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting with ruff."""
    prepare(session, "checks")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright in strict mode, and the completions and messages of pyright."""
    prepare(session, "checks")
    session.run("mypy")
    session.run("pyright", "--pythonpath", str(Path(session.bin) / "python"))
    pyright_tests = ("test_completion_pyright.py", "test_completion_messages.py")
    session.run("pytest", "--quiet", *(f"tests/conformance/{name}" for name in pyright_tests))


@nox.session
def contracts(session: nox.Session) -> None:
    """Check with import-linter which package imports which."""
    prepare(session, "checks")
    session.run("lint-imports")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the speed as ratios, and write docs/reference/speed.md."""
    session.install("--quiet", "--require-hashes", "-r", "requirements/tests.txt")
    # as for users: not editable, and compiled
    session.install("--quiet", "--no-deps", "--no-build-isolation", "--reinstall", "--compile-bytecode", ".")
    session.run(
        "python", "-m", "compileall", "-q", str(Path(session.virtualenv.location) / "lib"), success_codes=[0, 1]
    )
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def compare(session: nox.Session) -> None:
    """Compare hptsdk with the newest boto3, sagemaker-core and SageMaker SDKs; write docs/reference/comparison.md."""
    prepare(session, "tests")
    # uv is locked; the compared tools are not, because the newest versions are compared
    install_uv(session)
    session.run("python", "benchmarks/comparison/comparing.py", session.create_tmp())


@nox.session
def model(session: nox.Session) -> None:
    """Compare the shapes with the newest botocore, and print the necessary edits."""
    prepare(session, "tests")
    session.install("--quiet", "--upgrade", "botocore")
    session.run("python", "tests/conformance/model.py")


@nox.session
def images(session: nox.Session) -> None:
    """Compare the accounts and repositories of training images with the newest sagemaker-core, and print new ones."""
    prepare(session, "tests")
    session.run("pytest", "--quiet", "tools/images/compare_checks.py")
    # without its dependencies, because only its tables are read; not locked, because the newest version is compared
    session.install("--quiet", "--no-deps", "--upgrade", "sagemaker-core")
    session.run("python", "tools/images/compare.py")


@nox.session
def rules(session: nox.Session) -> None:
    """Count the rules by level, and write docs/reference/rules.md and docs/reference/local-members.md."""
    prepare(session, "tests")
    session.run("python", "tools/pages/rules_page.py", "--write")
    session.run("python", "tools/pages/members_page.py")


@nox.session
def mutation(session: nox.Session) -> None:
    """Make one change at a time in constraints.py, wire/, rules/ and _validation/_rules.py, and expect a failing test.

    `-- MODULE ...` selects modules. Writes docs/reference/quality.md if there are results for all modules.
    """
    prepare(session, "quality")
    session.run("python", "tools/mutation/run.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Read a million generated JSON texts, documents, files and regexes; `-- --inputs NUMBER` changes the number."""
    prepare(session, "quality")
    session.run("python", "tools/fuzzing/run.py", *session.posargs)


@nox.session
def api(session: nox.Session) -> None:
    """Compare the public API with that of the last release. A removal needs a note `changelog.d/*.removed.md`."""
    prepare(session, "quality")
    session.run("pytest", "--quiet", "tools/api/compare_checks.py")
    session.run("python", "tools/api/compare.py")


@nox.session
def changelog(session: nox.Session) -> None:
    """Show the next release notes from changelog.d; `-- --write` moves the notes to CHANGELOG.md."""
    session.install("--quiet", "--require-hashes", "-r", "requirements/release.txt")
    mode = ["--yes"] if "--write" in session.posargs else ["--draft"]
    session.run("towncrier", "build", *mode, "--version", PROJECT["version"])


@nox.session
def package(session: nox.Session) -> None:
    """Build a release from the committed files, check it, and use its extras on each supported Python."""
    session.install("--quiet", "--require-hashes", "-r", "requirements/release.txt")
    place = Path(session.create_tmp())
    source, built = place / "source", place / "dist"
    for old in (source, built):
        shutil.rmtree(old, ignore_errors=True)
    if session.run("git", "status", "--porcelain", external=True, silent=True):
        session.warn("files that are not committed are not in the release")
    session.run("git", "clone", "--quiet", str(HERE), str(source), external=True)
    # the wheel is built from the sdist, in an environment with the build requirements only
    session.run("python", "-m", "build", "--installer", "uv", "--outdir", str(built), str(source), silent=True)
    session.run(
        *("pytest", "-rP", "--confcutdir", "tools/release", "--basetemp", str(place / "used")),
        *("tools/release/distribution_checks.py", "tools/release/install_checks.py", *session.posargs),
        env={"RELEASE_SOURCE": str(source), "RELEASE_DIST": str(built)},
    )


@nox.session(venv_backend="venv")
def quality(session: nox.Session) -> None:
    """Compare the local searches on known functions; write docs/explanation/local-tuning-quality.md and its plot."""
    # not locked, because the build of torch depends on the machine
    session.install("--quiet", ".[gp]", "matplotlib", "pytest")
    session.run("pytest", "--quiet", "tools/sampler/gp_checks.py")
    session.run("python", "benchmarks/tuning_quality.py", *session.posargs, env={"OMP_NUM_THREADS": "1"})


@nox.session
def clients(session: nox.Session) -> None:
    """Run the AWS CLI, s3fs and the SageMaker SDK 2 with the local service; check exports and training variables."""
    if not Path("/usr/bin/aws").exists() and shutil.which("apt-get") and os.geteuid() == 0:
        # version 2 of the AWS CLI, which PyPI does not have
        session.run("apt-get", "update", "--quiet", external=True)
        session.run("apt-get", "install", "--quiet", "--yes", "awscli", external=True)
    prepare(session, "clients")
    # not locked, because the newest are compared; without dependencies, because only some of their modules are read
    session.install("--quiet", "--no-deps", "--upgrade", "sagemaker-training", "pulumi-aws")
    checks = [f"tools/clients/{name}_checks.py" for name in ("cli", "sdk", "s3", "terraform", "toolkit")]
    # warnings of the clients are ignored
    session.run("pytest", "-W", "ignore", *checks, *session.posargs, env={"SAGEMAKER_SUPPRESS_V2_WARNING": "1"})


@nox.session
@nox.parametrize("client", ["sdk3", "airflow", "javascript"])
def peers(session: nox.Session, client: str) -> None:
    """Run the SageMaker SDK 3, Airflow and the AWS SDK for JavaScript with the local service."""
    prepare(session, "tests" if client == "javascript" else client)
    if client == "javascript":
        session.run("npm", "ci", "--silent", "--prefix", "tools/clients/javascript", external=True)
    # Airflow needs an absolute path
    env = {"AIRFLOW_HOME": str(Path(session.create_tmp()).resolve() / "airflow")}
    session.run("pytest", "-W", "ignore", f"tools/clients/{client}_checks.py", *session.posargs, env=env)


@nox.session
def browser(session: nox.Session) -> None:
    """Check the report and the dashboard in Chromium, and jobs in a Jupyter kernel, as DataFrames and in MLflow."""
    if not all(map(shutil.which, ("chromium", "chromedriver"))):
        if not shutil.which("apt-get") or os.geteuid() != 0:
            session.error("chromium or chromedriver is not on the PATH; install Debian's chromium and chromium-driver")
        session.run("apt-get", "update", "--quiet", external=True)
        session.run("apt-get", "install", "--quiet", "--yes", "chromium", "chromium-driver", external=True)
    prepare(session, "browser")
    checks = [f"tools/browser/{name}_checks.py" for name in ("page", "dashboard", "notebook", "dataframe", "mlflow")]
    session.run("pytest", "--quiet", *checks, *session.posargs)


@nox.session
def isolation(session: nox.Session) -> None:
    """Run the tests of isolated programs, with bubblewrap and without."""
    if not shutil.which("bwrap"):
        if not shutil.which("apt-get") or os.geteuid() != 0:
            session.error("bwrap is not on the PATH; install bubblewrap")
        session.run("apt-get", "update", "--quiet", external=True)
        session.run("apt-get", "install", "--quiet", "--yes", "bubblewrap", external=True)
    run_tests(session, "-m", "long or not long", "tests/local/test_isolation.py")


@nox.session
def containers(session: nox.Session) -> None:
    """Run training jobs in containers of Podman and Docker, and kill the service while they run."""
    needed = ("podman", "runc", "nft", "docker", "dockerd", "docker-registry", "busybox")
    missing = [name for name in needed if not shutil.which(name)]
    if missing:
        if not shutil.which("apt-get") or os.geteuid() != 0:
            session.skip(f"{', '.join(missing)} not on the PATH; run it as root on Debian to install them")
        engines = ("podman", "runc", "netavark", "aardvark-dns", "nftables", "docker.io", "docker-cli", "iptables")
        session.run("apt-get", "update", "--quiet", external=True)
        options = ("--quiet", "--yes", "--no-install-recommends")
        session.run("apt-get", "install", *options, *engines, "docker-registry", "busybox-static", external=True)
    prepare(session, "tests")
    checks = [f"tools/containers/{name}_checks.py" for name in ("container", "crash", "guide", "registry")]
    # two processes, because most tests wait for an engine
    session.run("pytest", "-rPs", "--numprocesses", "2", *checks, *session.posargs)


@nox.session
def crash(session: nox.Session) -> None:
    """Kill the local service two hundred times while it runs tuning jobs, and run programs that print a gigabyte."""
    prepare(session, "tests")
    session.run("pytest", "-rP", "tools/crash/crash_checks.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation in docs/_build/html. Warnings are errors."""
    prepare(session, "docs")
    target = Path("docs", "_build")
    session.run("sphinx-build", "-b", "html", "-W", "--keep-going", "-n", "-j", "2", "docs", str(target / "html"))
    session.log(f"open {(HERE / target / 'html' / 'index.html').as_uri()}")


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements/*.txt: the lock files with the newest versions, and one with the oldest allowed versions."""
    install_uv(session)
    floors = Path(session.create_tmp()) / "floors.txt"
    floors.write_text("\n".join(d.replace(">=", "==") for d in PROJECT["dependencies"]))
    extras = ["pyproject.toml", "--extra", "local", "--extra", "testing"]
    for name, *extra in [
        ("nox", "--group", "nox"),
        ("demo", "pyproject.toml", "--extra", "local", "--group", "demo"),
        ("tests", *extras, "--group", "tests"),
        ("docs", *extras, "--group", "docs"),
        ("checks", *extras, "--group", "checks"),
        ("quality", *extras, "--group", "quality", "--constraint", "requirements/tests.txt"),
        ("browser", *extras, "--group", "browser", "--constraint", "requirements/tests.txt"),
        ("clients", *extras, "--group", "clients"),
        ("sdk3", *extras, "--group", "sdk3"),
        ("airflow", *extras, "--group", "airflow"),
        ("release", "--group", "release"),
        ("oldest", *extras, "--group", "tests", "--constraint", str(floors)),
    ]:
        options = ["--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--upgrade"]
        versions = ["--python-version", OLDEST]
        session.run("uv", "pip", "compile", *options, *versions, *extra, "-o", f"requirements/{name}.txt")
