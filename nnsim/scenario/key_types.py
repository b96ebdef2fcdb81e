"""Types of the keys of a scenario file: names from lists, times, switches, bounded numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from nnsim.data.mistakes import NORMALIZATIONS
from nnsim.kernels.codes import (
    Activation,
    Fault,
    Initializer,
    Loss,
    Optimizer,
    Schedule,
    names_of,
)
from nnsim.scenario.moments import When, parse_when

LARGEST_SEED = 2**63 - 1
LARGEST_COUNT = 10**9
LARGEST_LAYER = 10**6


class Table(BaseModel):
    """A table of a scenario file: no unknown keys, no converted types."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        arbitrary_types_allowed=True,
    )


@dataclass(frozen=True)
class OneOf:
    """Marks a string that must be one of `names`."""

    what: str
    names: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the name after its type."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """List the names."""
        return {**handler(schema), "enum": list(self.names)}

    def _check(self, name: str) -> str:
        if name not in self.names:
            raise PydanticCustomError("unknown_name", "no such {what}", {"what": self.what})
        return name


class Time:
    """Marks a key that says when: a step, "start", "end" or "epoch 3"."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read the time."""
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the forms."""
        words = {"type": "string", "pattern": r"^(start|end|epoch \d+)$"}
        return {
            "anyOf": [{"type": "integer", "minimum": 0}, words],
            "expected": 'a step such as 100, or "start", "end" or "epoch 3"',
        }

    def _read(self, value: Any) -> When:
        try:
            return parse_when(value)
        except ValueError:
            raise PydanticCustomError("time", "no time") from None


def _switch(value: Any) -> Any:
    """Read true as a table of defaults and false as no table."""
    return {} if value is True else _off(value)


def _off(value: Any) -> Any:
    """Read false as no table."""
    return None if value is False else value


ALSO_FALSE = Field(json_schema_extra={"switch": [False]}), BeforeValidator(_off)
ALSO_SWITCH = Field(json_schema_extra={"switch": [False, True]}), BeforeValidator(_switch)

ActivationName = Annotated[str, OneOf("activation", names_of(Activation))]
InitializerName = Annotated[str, OneOf("initializer", names_of(Initializer))]
LossName = Annotated[str, OneOf("loss", names_of(Loss))]
OptimizerName = Annotated[str, OneOf("optimizer", names_of(Optimizer))]
ScheduleName = Annotated[str, OneOf("schedule", names_of(Schedule))]
FaultName = Annotated[str, OneOf("fault", names_of(Fault)[1:])]
NormalizationName = Annotated[str, OneOf("normalisation", NORMALIZATIONS)]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Count = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]
CountOrNone = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
Share = Annotated[float, Field(ge=0, le=1)]
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Beta = Annotated[float, Field(ge=0, lt=1)]
Precision = Annotated[str, OneOf("dtype", ("float64", "float32"))]
NonFinitePolicy = Annotated[str, OneOf("policy", ("forbidden", "expected"))]
Comparison = Annotated[str, OneOf("comparison", ("<", "<=", ">", ">=", "==", "!=", "~="))]
TimeOfRun = Annotated[When, Time()]
