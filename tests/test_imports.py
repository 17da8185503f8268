"""Who may import whom: the arrows of the design, read from the imports themselves."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("platforms", "ledger", "syndicator")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in OURS
    for path in sorted((ROOT / package).rglob("*.py"))
}
#: The networks, by the registry: read from its source, so that this test loads none.
REGISTRY = "syndicator.networks"
RUN = "syndicator.run"
#: What any adapter may use.
SHARED = {"abilities", "base", "deadline", "deadline_requests", "errors", "text", "web"}
#: What belongs to `text` and is used by it alone.
OF_TEXT = {"entities", "links", "strangers", "tlds"}
#: Protocols that an adapter speaks through a module of another name.
WIRES = {"bluesky": {"xrpc", "xrpc_answers", "xrpc_transport"}}
SDKS = {
    "apprise": {"apprise"},
    "tweepy": {"x"},
    "requests": {"x", "mastodon_session", "deadline_requests"},
    "mastodon": {"mastodon"},
    "atproto": {"bluesky", "xrpc"},
    "atproto_client": {"bluesky", "xrpc", "xrpc_transport"},
    "atproto_core": {"bluesky", "xrpc"},
    "atproto_server": {"bluesky", "xrpc"},
    "atproto_identity": {"bluesky", "xrpc"},
    "httpx": {"xrpc", "xrpc_transport"},
}


def imports(module: str, *, typing_too: bool = True) -> Iterator[str]:
    """The full names of what a module imports, wherever in it; modules and what is taken from them alike."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden and not typing_too:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively: {ast.unparse(node)}"
            assert node.module
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def ours(module: str) -> set[str]:
    return {name for name in imports(module) if name.partition(".")[0] in OURS}


def users(library: str) -> set[str]:
    """Our modules that import a library."""
    return {module for module in MODULES if library in {name.partition(".")[0] for name in imports(module)}}


def registry() -> ast.Dict:
    tree = ast.parse(MODULES[REGISTRY].read_text(encoding="utf-8"))
    (found,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["ADAPTERS"]
    )
    assert isinstance(found, ast.Dict)
    return found


ADAPTERS = {module.partition(":")[0] for module in ast.literal_eval(registry()).values()}


def test_there_is_something_to_read() -> None:
    assert len(MODULES) > 40
    assert {"platforms.base", "ledger.entry", "syndicator.plan"} <= set(MODULES)
    assert "platforms.base" in ours("syndicator.plan")
    assert set(ADAPTERS) <= set(MODULES)


@pytest.mark.parametrize("package", ["platforms", "ledger"])
def test_the_leaves_import_nothing_of_ours(package: str) -> None:
    wrong = {
        module: sorted(name for name in ours(module) if name.partition(".")[0] != package)
        for module in MODULES
        if module.partition(".")[0] == package
    }
    assert {module: names for module, names in wrong.items() if names} == {}


def test_an_adapter_imports_the_shared_modules_and_its_own_and_no_sibling() -> None:
    wrong = []
    for module in MODULES:
        name = module.removeprefix("platforms.")
        if not module.startswith("platforms.") or name in SHARED | OF_TEXT:
            continue
        own = next((each for each in WIRES if name in WIRES[each]), name.split("_")[0])
        for used in ours(module):
            other = used.removeprefix("platforms.")
            if other not in SHARED | {own} | WIRES.get(own, set()) and not other.startswith(f"{own}_"):
                wrong.append(f"{module} imports {used}")
    assert wrong == []


def test_text_keeps_its_parts_to_itself() -> None:
    for part in OF_TEXT & {module.removeprefix("platforms.") for module in MODULES}:
        users_of_part = {module for module in MODULES if f"platforms.{part}" in ours(module)}
        assert users_of_part <= {"platforms.text", *(f"platforms.{each}" for each in OF_TEXT)}
    assert ours("platforms.text") <= {f"platforms.{name}" for name in SHARED | OF_TEXT}
    assert ours("platforms.errors") == set()


def test_stages_never_import_the_run_or_the_commands() -> None:
    #: What stands beside or above the run, and so may use it.
    above = {"syndicator.cli", "syndicator.run", "syndicator.demo", "syndicator.__main__"}
    wrong = {
        module: sorted(name for name in ours(module) if name == RUN or name.startswith("syndicator.cli"))
        for module in MODULES
        if module.startswith("syndicator.")
        and not any(module == each or module.startswith(f"{each}.") for each in above)
    }
    assert {module: names for module, names in wrong.items() if names} == {}


#: The stages in the order of the line.
LINE = ("sources", "articles", "judging", "plan", "compose", "outbox", "publish")
#: What judging learns from are posts of earlier runs.
BACK = {("judging", "outbox")}


def test_a_stage_imports_only_stages_before_it_on_the_line() -> None:
    def stage(module: str) -> str:
        return module.split(".")[1] if module.startswith("syndicator.") else ""

    found = {(stage(module), stage(used)) for module in MODULES for used in ours(module)}
    between = {(one, other) for one, other in found if one != other and one in LINE and other in LINE}
    assert ("judging", "articles") in between
    wrong = {(one, other) for one, other in between if LINE.index(other) > LINE.index(one)}
    assert wrong == BACK


def test_the_run_does_not_know_the_commands() -> None:
    assert not [name for name in ours(RUN) if name.startswith("syndicator.cli")]


def test_networks_are_named_in_one_place() -> None:
    assert {module for module in MODULES if ADAPTERS & ours(module) and not module.startswith("platforms.")} == set()
    naming = {
        module
        for module, path in MODULES.items()
        if any(adapter in path.read_text(encoding="utf-8") for adapter in ADAPTERS)
        and not module.startswith("platforms.")
    }
    assert naming == {REGISTRY}


@pytest.mark.parametrize(
    ("library", "only"),
    [
        ("typer", "syndicator.cli."),
        ("click", "syndicator.cli."),
        ("rich", "syndicator.cli."),
        ("feedparser", "syndicator.sources.parse"),
        ("tinydb", "ledger.store.tiny"),
        ("PIL", "syndicator.pictures.convert"),
    ],
)
def test_a_library_is_known_in_one_place(library: str, only: str) -> None:
    assert [module for module in sorted(users(library)) if not module.startswith(only)] == []


@pytest.mark.parametrize("sdk", SDKS)
def test_an_sdk_is_known_to_its_adapter_alone(sdk: str) -> None:
    allowed = tuple(f"platforms.{name}" for name in SDKS[sdk])
    assert [module for module in sorted(users(sdk)) if not module.startswith(allowed)] == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """Through imports that happen when a module is loaded; those inside of functions are for breaking circles."""
    at_once = {
        module: {name for name in imports(module, typing_too=False) if name in MODULES and name in _top_level(module)}
        for module in MODULES
    }
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " → ".join((*above, module))
        if module not in done:
            for name in sorted(at_once[module]):
                visit(name, (*above, module))
            done.add(module)

    for module in sorted(MODULES):
        visit(module, ())


def _top_level(module: str) -> set[str]:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


HEAVY = (
    "apprise",
    "tweepy",
    "requests",
    "atproto",
    "atproto_client",
    "mastodon",
    "feedparser",
    "selectolax",
    "urllib3",
    "rich",
    "httpx",
    "PIL",
)


@pytest.mark.parametrize(
    "modules",
    [
        "ledger.owe, ledger.settle, ledger.people, ledger.book",
        "ledger.store.tiny",
        "syndicator.cli.ledger",
        "syndicator.cli.main",
    ],
)
def test_reading_the_ledger_loads_no_sdk(modules: str) -> None:
    program = f"import sys, {modules}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_run_loads_no_feed_parser_before_there_is_a_feed_to_parse() -> None:
    """Most runs find little new, and those that find much parse it in other processes."""
    program = "import sys, syndicator.run; print('feedparser' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
