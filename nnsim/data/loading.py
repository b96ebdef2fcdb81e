"""From a `DataSpecification` to a `DataSet`: build, hold out, split, augment, normalise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnsim.data.augmentation import augmented
from nnsim.data.augmentation_mistakes import find_misplaced_changes, form_of
from nnsim.data.dataset import DataSet, Examples, Normalization
from nnsim.data.drawing import Drawing, check_seed
from nnsim.data.labels import class_numbers, encode, one_hot_rows
from nnsim.data.mistakes import find_specification_mistakes
from nnsim.data.normalization import fit
from nnsim.data.options import Source
from nnsim.data.pool import Pool
from nnsim.data.sources import SOURCES
from nnsim.data.specification import Augmentation, DataSpecification
from nnsim.data.splits import split
from nnsim.errors import DataError
from nnsim.kernels.codes import Task


def load_data(
    specification: DataSpecification, seed: int = 1, folder: Path | str | None = None
) -> DataSet:
    """Return train, dev and test examples, split, augmented and normalised.

    Parameters
    ----------
    specification
        Source, options, shares, augmentation and normalisation.
    seed
        Decides drawn examples, the shuffle before the split and the changes of augmentation,
        nothing else does.
    folder
        Where files must lie, itself or below; by default the current folder.

    Raises
    ------
    DataError
        If the specification or a file is wrong; all mistakes of the specification at once.
    SizeError
        If the examples would not fit in memory.
    MissingExtraError
        If the source needs an optional package that is not installed.
    """
    check_seed(seed)
    problems = find_specification_mistakes(specification)
    if problems:
        raise DataError("\n".join(f"data: {problem}" for problem in problems))
    source = SOURCES[specification.source]
    pool = _build(source, specification.options, seed, 0, folder)
    held_out = None
    if specification.held_out is not None:
        overlaid = {**specification.options, **specification.held_out}
        overlaid |= _like(source, specification.held_out, pool)
        held_out = _fitted_to(pool, _build(source, overlaid, seed, 1, folder))
    sets = split(pool, specification.split, seed, specification.shuffle, held_out)
    if specification.augment is not None:
        sets = (_augmented(specification.augment, sets[0], source, seed), *sets[1:])
    train, dev, test, normalization = _normalized(specification, sets, pool.feature_names)
    return DataSet(
        train,
        dev,
        test,
        pool.task,
        name=source.name,
        feature_names=pool.feature_names,
        class_names=pool.class_names,
        normalization=normalization,
        target_names=pool.target_names,
    )


def _build(
    source: Source, options: Mapping[str, Any], seed: int, number: int, folder: Path | str | None
) -> Pool:
    completed = source.completed(options)
    if source.kind == "drawn":
        return source.function(Drawing(seed, number), **completed)
    if source.kind == "file":
        return source.function(folder, **completed)
    return source.function(**completed)


def _like(source: Source, held_out: Mapping[str, Any], pool: Pool) -> dict[str, Any]:
    """Return options that make a second file read as the first was, where none are given."""
    options: dict[str, Any] = {}
    if "task" in source.option_names and source.kind != "drawn" and "task" not in held_out:
        options["task"] = "regression" if pool.task == Task.REGRESSION else "classification"
    if source.name == "csv" and "features" not in held_out:
        options["features"] = list(pool.feature_names)
    return options


def _fitted_to(pool: Pool, held_out: Pool) -> Pool:
    """Return the held-out examples with their classes counted as the others count theirs."""
    if len(pool.X) != len(held_out.X):
        raise DataError(
            f"held_out has {len(held_out.X)} features, the source has {len(pool.X)}; "
            "expected as many"
        )
    if bool(pool.class_names) != bool(held_out.class_names) or (
        not pool.class_names and len(pool.Y) != len(held_out.Y)
    ):
        raise DataError(
            f"held_out is {held_out.task.name.lower()} with {len(held_out.Y)} outputs, the source "
            f"is {pool.task.name.lower()} with {len(pool.Y)}; expected the same"
        )
    if not pool.class_names:
        return held_out
    strange = [name for name in held_out.class_names if name not in pool.class_names]
    if strange:
        raise DataError(
            f"held_out has the classes {', '.join(strange)}, which the source has not; "
            f"expected classes among {', '.join(pool.class_names)}"
        )
    number_of = np.array([pool.class_names.index(name) for name in held_out.class_names])
    numbers = number_of[class_numbers(held_out.Y, held_out.task)]
    if pool.task == Task.BINARY:
        Y = encode(numbers, 2)[0]
    else:
        Y = one_hot_rows(numbers, len(pool.class_names))
    return replace(held_out, Y=Y, task=pool.task, class_names=pool.class_names)


def _augmented(augmentation: Augmentation, train: Examples, source: Source, seed: int) -> Examples:
    features = train.X.shape[0]
    problems = find_misplaced_changes(augmentation, source, features)
    if problems:
        raise DataError("\n".join(f"data: {problem}" for problem in problems))
    image = source.image
    if form_of(augmentation, source, features) == "image" and augmentation.image is not None:
        height, width = augmentation.image
        image = height, width
    return augmented(train, augmentation, seed, image)


def _normalized(
    specification: DataSpecification, sets: tuple[Examples, ...], names: tuple[str, ...]
) -> tuple[Examples, Examples, Examples, Normalization | None]:
    train, dev, test = sets
    kind = specification.normalize
    fitted = fit(train.X, kind, names)
    if fitted is None:
        return train, dev, test, None
    others = []
    for examples in (dev, test):
        alone = specification.normalize_dev_alone and examples.m > 0
        used = fit(examples.X, kind, names) if alone else fitted
        assert used is not None
        others.append(replace(examples, X=used.apply(examples.X)))
    return replace(train, X=fitted.apply(train.X)), others[0], others[1], fitted
