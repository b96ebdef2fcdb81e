"""Every data source by name: its options, and where the function stands that builds it.

This module is what a scenario's ``[data]`` table is checked against. It imports neither NumPy,
Numba nor scikit-learn; a source's own module is imported when its data are asked for.
"""

from __future__ import annotations

from nnsim.data.options import Option, Source


def _examples(default: int) -> Option:
    return Option("examples", "integer", "Number of examples m.", default, minimum=1)


def _noise(default: float) -> Option:
    return Option("noise", "number", "Standard deviation added to each point.", default, minimum=0)


def _classes(default: int) -> Option:
    return Option("classes", "integer", "Number of classes C.", default, minimum=2, maximum=100)


_FLIPPED = Option(
    "label_noise",
    "number",
    "Share of examples that get the label of another class: the Bayes error.",
    0.0,
    minimum=0,
    maximum=1,
)
_ONE_HOT = Option(
    "one_hot", "flag", "Y has a row a class even with two classes (softmax of two units).", False
)
_TASK = Option(
    "task",
    "text",
    "What the labels mean. auto: text and class numbers are classes, other numbers are not.",
    "auto",
    choices=("auto", "classification", "regression"),
)
_CLASS_NAMES = Option("classes", "names", "Keep only these classes; all when empty.", ())
_FEATURES = Option("features", "names", "Keep only these features; all when empty.", ())
_PLANAR = "nnsim.data.planar"
_SYNTHETIC = "nnsim.data.synthetic"
_FILES = "nnsim.data.files"
_BUNDLED = "nnsim.data.bundled"


def _bundled(
    name: str, summary: str, *options: Option, image: tuple[int, int] | None = None
) -> Source:
    return Source(
        name,
        "given",
        f"{summary} (scikit-learn)",
        options,
        f"{_BUNDLED}:{name}",
        form="image" if image else "table",
        image=image,
    )


_ALL = (
    Source(
        "xor",
        "drawn",
        "Clouds at the corners of a square, opposite ones of one class; "
        "4 examples without noise are the truth table.",
        (_examples(200), _noise(0.3), _FLIPPED, _ONE_HOT),
        f"{_PLANAR}:xor",
        form="points",
    ),
    Source(
        "circles",
        "drawn",
        "A circle inside a circle.",
        (
            _examples(200),
            _noise(0.1),
            Option("factor", "number", "Inner radius by outer.", 0.5, minimum=0, maximum=1),
            _FLIPPED,
            _ONE_HOT,
        ),
        f"{_PLANAR}:circles",
        form="points",
    ),
    Source(
        "moons",
        "drawn",
        "Two half circles that reach into each other.",
        (_examples(200), _noise(0.1), _FLIPPED, _ONE_HOT),
        f"{_PLANAR}:moons",
        form="points",
    ),
    Source(
        "spirals",
        "drawn",
        "C arms of a spiral.",
        (
            _examples(300),
            _noise(0.05),
            _classes(2),
            Option("turns", "number", "Turns of each arm.", 1.0, minimum=0, maximum=10),
            _FLIPPED,
            _ONE_HOT,
        ),
        f"{_PLANAR}:spirals",
        form="points",
    ),
    Source(
        "blobs",
        "drawn",
        "C round clouds, their centres evenly on a circle.",
        (
            _examples(300),
            Option("noise", "number", "Standard deviation of a cloud.", 0.8, minimum=0),
            _classes(3),
            Option("radius", "number", "Distance of the centres from 0.", 3.0, minimum=0),
            _FLIPPED,
            _ONE_HOT,
        ),
        f"{_PLANAR}:blobs",
        form="points",
    ),
    Source(
        "flower",
        "drawn",
        "The course's flower of two colours: r = 4 sin(petals t).",
        (
            _examples(400),
            Option("noise", "number", "Standard deviation of r and of the angle.", 0.2, minimum=0),
            Option("petals", "integer", "Petals of each colour.", 4, minimum=1, maximum=100),
            _FLIPPED,
            _ONE_HOT,
        ),
        f"{_PLANAR}:flower",
        form="points",
    ),
    Source(
        "linear",
        "drawn",
        "y = x1 - x2 + x3 - ... + offset + noise; for classification, whether y > 0.",
        (
            _examples(200),
            Option("features", "integer", "Number of inputs n_x.", 2, minimum=1),
            Option(
                "informative",
                "integer",
                "How many of the features, the first ones, y depends on; 0: all.",
                0,
                minimum=0,
            ),
            Option("offset", "number", "The true b.", 0.0),
            Option("noise", "number", "Standard deviation of the noise in y.", 0.0, minimum=0),
            Option(
                "task",
                "text",
                "classification: Y is y > 0; regression: Y is y.",
                "classification",
                choices=("classification", "regression"),
            ),
            _FLIPPED,
            _ONE_HOT,
        ),
        f"{_PLANAR}:linear",
        form="",
    ),
    Source(
        "house_prices",
        "drawn",
        "Prices in $1000 by size in square feet, bedrooms, age in years, distance in miles.",
        (
            _examples(200),
            Option(
                "features",
                "integer",
                "How many of size, bedrooms, age and distance, in this order, are inputs.",
                2,
                minimum=1,
                maximum=4,
            ),
            Option("noise", "number", "Standard deviation of a price, $1000.", 20.0, minimum=0),
        ),
        f"{_SYNTHETIC}:house_prices",
    ),
    Source(
        "temperatures",
        "drawn",
        "Daily mean temperatures of a made-up place, degrees Celsius; X is the day, from 1.",
        (
            Option("days", "integer", "Number of days.", 365, minimum=1, maximum=100_000),
            Option("mean", "number", "Mean of the year.", 10.0),
            Option("swing", "number", "Warmest day's mean above that of the year.", 8.0),
            Option(
                "coldest_day", "integer", "Day of the year, from 1.", 20, minimum=1, maximum=366
            ),
            Option("noise", "number", "Standard deviation of the weather.", 3.0, minimum=0),
            Option(
                "persistence",
                "number",
                "Correlation of the weather with the day before.",
                0.6,
                minimum=0,
                maximum=0.999,
            ),
        ),
        f"{_SYNTHETIC}:temperatures",
    ),
    Source(
        "inline",
        "given",
        "Numbers written down in the scenario, in the course's layout.",
        (
            Option("X", "table", "A list a feature, an entry an example; one feature: one list."),
            Option("Y", "labels", "The same for outputs; or a list of class labels."),
            _TASK,
            _ONE_HOT,
        ),
        "nnsim.data.inline:inline",
        form="",
    ),
    Source(
        "csv",
        "file",
        "A CSV file with a header line.",
        (
            Option("file", "text", "Path of the file, below the scenario's folder."),
            Option("target", "names", "Name of the column (or columns) to predict."),
            Option("features", "names", "Names of input columns; empty: all but the target.", ()),
            _TASK,
            _ONE_HOT,
            Option(
                "delimiter",
                "text",
                "What stands between cells.",
                "comma",
                choices=("comma", "semicolon", "tab"),
            ),
        ),
        f"{_FILES}:csv_file",
        form="",
    ),
    Source(
        "npz",
        "file",
        "Two arrays of a NumPy archive (numpy.savez).",
        (
            Option("file", "text", "Path of the file, below the scenario's folder."),
            Option("X", "text", "Name of the array of inputs.", "X"),
            Option("Y", "text", "Name of the array of outputs or labels.", "Y"),
            Option(
                "layout",
                "text",
                "columns: an example a column, as in the course; rows: an example a row.",
                "columns",
                choices=("columns", "rows"),
            ),
            _TASK,
            _ONE_HOT,
        ),
        f"{_FILES}:npz_file",
        form="",
    ),
    _bundled(
        "digits",
        "1797 images of 8 x 8 pixels, 0 to 16; ten digits",
        _CLASS_NAMES,
        _ONE_HOT,
        image=(8, 8),
    ),
    _bundled(
        "breast_cancer",
        "569 tumours by 30 measures; malignant or benign",
        _FEATURES,
        _ONE_HOT,
    ),
    _bundled(
        "iris", "150 flowers by 4 lengths in cm; three species", _FEATURES, _CLASS_NAMES, _ONE_HOT
    ),
    _bundled("wine", "178 wines by 13 measures; three growers", _FEATURES, _CLASS_NAMES, _ONE_HOT),
    _bundled("diabetes", "442 patients by 10 measures; progress of the disease", _FEATURES),
)

SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
"""Every data source by its name."""
