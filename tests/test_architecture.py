"""The house: who may import whom, what import does, how long things are, and that public names are explained."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "analysis"

# A module imports only from layers above its own; inside a folder (sentiment, measures, plots, figures) modules may
# import each other as long as no circle arises.
LAYERS = (
    "cycles errors kernels",
    "paths tables columns config decoding function_words office",
    "relations",
    "readers copy_weights",
    "schema registry results",
    "folding typography language offsets",
    "quotes aliases sentences",
    "text naming sentence_engine",
    "cleaning actors codebook",
    "mentions corpus",
    "duplicates",
    "alias_recall seed_rows",
    "terms",
    "count_engine",
    "seeds",
    "evidence counts places reference_list",
    "hashing",
    "resampling shuffles",
    "exact_sums text_tests",
    "intervals",
    "shares",
    "sentiment",
    "codings",
    "coding",
    "measures score",
    "kept_scores kept_results",
    "coding_text display steps checking",
    "study",
    "plots methods_text",
    "figures",
    "paper",
    "notebook_format",
    "reading_room",
    "notebooks report report_pdf",
    "table_files",
    "coding_report",
    "sources article_table",
    "new_study contrast_table partitions",
    "collecting",
    "pipeline",
    "commands",
    "cli",
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer.split()}
FOLDERS = (
    "coding", "coding_report", "collecting", "commands", "duplicates", "figures", "kernels",
    "measures", "naming", "paper", "partitions", "plots", "reading_room", "relations", "schema", "sentiment",
)  # fmt: skip

HEAVY = (
    "sklearn", "matplotlib", "scipy", "pandera", "nbclient", "nbconvert", "nbformat", "py3langid", "vaderSentiment",
    "ahocorasick_rs", "simplemma", "tqdm", "pyarrow", "IPython", "onnxruntime", "tokenizers", "numba",
    "distributed", "dask", "openpyxl", "docx", "pypdfium2", "striprtf", "trafilatura",
    "rensa", "ipywidgets", "itables",
)  # fmt: skip
READING_AND_WRITING = {
    "open",
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "read_csv",
    "to_csv",
    "print",
    "mkdir",
}

MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".") for path in PACKAGE.rglob("*.py")
)


def source(module):
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")


def imports(module):
    """List every module that is imported anywhere in a module, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(source(module))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: write the whole name instead of a relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name.removeprefix("analysis.") in MODULES else node.module for name in names}
    return found


def own_imports(module):
    return {name.removeprefix("analysis.") for name in imports(module) if name.startswith("analysis.")}


def functions(module, *, public):
    """List (name, node) of a module's functions and methods."""
    found = []

    def visit(node, prefix):
        for child in getattr(node, "body", []):
            if isinstance(child, ast.ClassDef):
                if not (public and child.name.startswith("_")):
                    visit(child, f"{prefix}{child.name}.")
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if not (public and child.name.startswith("_")):
                    found.append((f"{prefix}{child.name}", child))
                if not public:
                    visit(child, f"{prefix}{child.name}.")

    visit(ast.parse(source(module)), f"{module}.")
    return found


def test_every_module_has_its_layer():
    known = {module.partition(".")[0] for module in MODULES} - {"__init__"}
    assert known <= set(RANK), known - set(RANK)


@pytest.mark.parametrize("module", [module for module in MODULES if not module.endswith("__init__")])
def test_a_module_imports_only_from_above(module):
    own = module.partition(".")[0]
    for name in sorted(own_imports(module)):
        other = name.partition(".")[0]
        if other == own and own in FOLDERS:
            continue
        assert RANK[other] < RANK[own], f"{module} imports {name}, which stands beside or below it"


def test_there_is_no_circle():
    graph = {module: own_imports(module) & set(MODULES) for module in MODULES}
    while True:
        free = {module for module, needs in graph.items() if not needs}
        if not free:
            break
        graph = {module: needs - free for module, needs in graph.items() if module not in free}
    assert not graph


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("measures")])
def test_measures_neither_draw_nor_read_nor_write(module):
    assert not any(name.partition(".")[0] == "matplotlib" for name in imports(module))
    assert not {"os", "pathlib", "io"} & imports(module)
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(source(module)))
        if isinstance(node, ast.Call)
    }
    assert not called & READING_AND_WRITING


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("plots")])
def test_plots_measure_load_and_save_nothing(module):
    assert own_imports(module) <= {"tables", *(name for name in MODULES if name.startswith("plots"))}
    assert "matplotlib.pyplot" not in imports(module)
    assert not re.search(r"\brcParams\b|\.savefig\(|\.show\(", source(module))


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_is_light():
    assert run("import analysis, sys; print(sorted({'numpy', 'pandas'} & set(sys.modules)))") == "[]"


def test_importing_the_study_loads_no_heavy_library():
    names = ", ".join(
        f"analysis.{name}" for name in ("study", "cli", "registry", "measures.contrasts", "figures.registry")
    )
    loaded = run(
        f"import {names}, sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    ).split()
    # pandas itself loads pyarrow; counts need sparse matrices
    assert not set(loaded) & (set(HEAVY) - {"pyarrow", "scipy"})


def test_import_reads_no_file_and_changes_no_setting():
    code = (
        "import builtins, sys, warnings\nimport pandas, numpy, scipy.sparse\n"
        "def refuse(*args, **kwargs): raise AssertionError(args)\n"
        "builtins.open = refuse\nimport analysis.study, analysis.figures.registry\nprint('fine')"
    )
    assert run(code) == "fine"


def test_the_package_exports_at_most_twelve_names_that_exist():
    import analysis

    assert len(analysis.__all__) <= 12
    assert analysis.__all__ == sorted(analysis.__all__) == dir(analysis)
    for name in analysis.__all__:
        assert getattr(analysis, name).__doc__
    with pytest.raises(AttributeError) as caught:
        analysis.nothing  # noqa: B018
    expected = f"module 'analysis' has no attribute 'nothing'; public names: {', '.join(analysis.__all__)}"
    assert str(caught.value) == expected


@pytest.mark.parametrize("module", MODULES)
def test_modules_have_one_subject_and_a_bearable_length(module):
    text = source(module)
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring and re.match(r".{10,115}[.?]?$", docstring.split("\n")[0])
    # the schema is one table after another
    assert text.count("\n") <= 400


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_short_and_take_few_parameters(module):
    for name, node in functions(module, public=False):
        body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
        lines = body[-1].end_lineno - body[0].lineno + 1
        assert lines <= 70, f"{name} has {lines} lines"
        arguments = node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        count = len([a for a in names if a not in ("self", "cls")])
        # six inputs and the evidence: a measure's options are keywords
        assert count <= 6, f"{name} takes {count} parameters"


@pytest.mark.parametrize(
    "module", [module for module in MODULES if module != "cli" and not module.startswith("commands.")]
)
def test_nothing_is_printed(module):
    for node in ast.walk(ast.parse(source(module))):
        assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"), module


@pytest.mark.parametrize("module", MODULES)
def test_no_stub_is_left(module):
    assert not re.search(r"\b(TODO|FIXME|XXX)\b|NotImplemented|import logging", source(module))


def raises(node):
    """Say whether a function itself raises: what it defines inside is another's concern."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None:
            return True
        if not isinstance(child, (ast.FunctionDef, ast.ClassDef, ast.Lambda)) and raises(child):
            return True
    return False


def sections(docstring):
    """List the underlined headings of a numpydoc docstring."""
    return re.findall(r"^\s*(\w[\w ]*)\n\s*-{4,}\s*$", docstring, flags=re.MULTILINE)


@pytest.mark.parametrize("module", MODULES)
def test_public_functions_are_explained(module):
    for name, node in functions(module, public=True):
        docstring = ast.get_docstring(node)
        assert docstring, f"{name} has no docstring"
        assert re.match(r"\S.*[.:?]$", docstring.split("\n")[0]), f"{name}: the first line is no sentence"
        decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
        if decorators & {"property", "cached_property"} or any("setter" in name for name in decorators):
            continue
        found = sections(docstring)
        arguments = node.args
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        names = [a for a in names if a not in ("self", "cls")]
        if names:
            assert "Parameters" in found, f"{name} does not explain its parameters"
            explained = docstring.partition("Parameters\n")[2]
            for argument in names:
                assert re.search(rf"\b{argument}\b", explained.partition("\nReturns\n")[0]), (
                    f"{name}: {argument}"
                )
        gives = node.returns is None or ast.unparse(node.returns) != "None"
        if gives:
            assert {"Returns", "Yields"} & set(found), f"{name} does not say what it returns"
        if raises(node) and name.count(".") == module.count(".") + 1:
            assert "Raises" in found, f"{name} does not say what it raises"


def test_the_docstrings_of_the_public_interface_pass_numpydoc():
    from numpydoc.validate import validate

    import analysis

    # wording and cross references are the project's own matter
    asked = {"GL03", "GL06", "GL07", "PR01", "PR02", "PR03", "PR10", "RT03", "SS01", "SS06", "YD01"}
    for name in analysis.__all__:
        thing = getattr(analysis, name)
        if inspect.isclass(thing):
            continue
        found = validate(f"{thing.__module__}.{thing.__name__}")["errors"]
        wrong = [error for error in found if error[0] in asked]
        assert not wrong, (name, wrong)
