"""Rows of the rules of parameter ranges."""

from rows import Row

RANGES = "HyperParameterTuningJobConfig.ParameterRanges"
REAL = f"{RANGES}.ContinuousParameterRanges.0"
WHOLE = f"{RANGES}.IntegerParameterRanges.0"
CATEGORIES = f"{RANGES}.CategoricalParameterRanges.0"
REAL_PATH = f"{RANGES}.ContinuousParameterRanges[0]"
WHOLE_PATH = f"{RANGES}.IntegerParameterRanges[0]"

ROWS = [
    Row("bounds-are-numbers", {f"{REAL}.MinValue": "low"}, {f"{REAL}.MinValue": "0.1"}, f"{REAL_PATH}.MinValue"),
    Row("bounds-are-numbers", {f"{REAL}.MaxValue": "inf"}, {f"{REAL}.MaxValue": "1e300"}, f"{REAL_PATH}.MaxValue"),
    Row("bounds-are-numbers", {f"{WHOLE}.MinValue": "nan"}, {f"{WHOLE}.MinValue": "-1"}, f"{WHOLE_PATH}.MinValue"),
    Row(
        "minimum-below-maximum",
        {f"{REAL}.MinValue": "1", f"{REAL}.MaxValue": "0"},
        {f"{REAL}.MinValue": "0", f"{REAL}.MaxValue": "1"},
        f"{REAL_PATH}.MaxValue",
    ),
    Row(
        "minimum-below-maximum",
        {f"{REAL}.MinValue": "0.6", f"{REAL}.MaxValue": "0.5"},
        {f"{REAL}.MinValue": "0.4"},
        f"{REAL_PATH}.MaxValue",
    ),
    Row(
        "minimum-below-maximum",
        {f"{WHOLE}.MinValue": "10", f"{WHOLE}.MaxValue": "9"},
        {f"{WHOLE}.MaxValue": "11"},
        f"{WHOLE_PATH}.MaxValue",
    ),
    Row(
        "minimum-below-maximum",
        {f"{WHOLE}.MinValue": "9", f"{WHOLE}.MaxValue": "9"},
        {f"{WHOLE}.MinValue": "8"},
        f"{WHOLE_PATH}.MaxValue",
    ),
    Row(
        "integer-bounds-are-whole", {f"{WHOLE}.MinValue": "2.5"}, {f"{WHOLE}.MinValue": "2.0"}, f"{WHOLE_PATH}.MinValue"
    ),
    Row(
        "logarithmic-needs-positive-bounds",
        {f"{REAL}.ScalingType": "Logarithmic", f"{REAL}.MinValue": "0"},
        {f"{REAL}.MinValue": "0.0001"},
        f"{REAL_PATH}.MinValue",
    ),
    Row(
        "logarithmic-needs-positive-bounds",
        {f"{WHOLE}.ScalingType": "Logarithmic", f"{WHOLE}.MinValue": "-1"},
        {f"{WHOLE}.ScalingType": "Linear"},
        f"{WHOLE_PATH}.MinValue",
    ),
    Row(
        "reverse-logarithmic-needs-unit-interval",
        {f"{REAL}.ScalingType": "ReverseLogarithmic", f"{REAL}.MaxValue": "1.0"},
        {f"{REAL}.MaxValue": "0.999"},
        f"{REAL_PATH}.MaxValue",
    ),
    Row(
        "integers-scale-forwards",
        {f"{WHOLE}.ScalingType": "ReverseLogarithmic"},
        {f"{WHOLE}.ScalingType": "Auto"},
        f"{WHOLE_PATH}.ScalingType",
    ),
    Row(
        "categories-differ",
        {f"{CATEGORIES}.Values": ["plain", "plain"]},
        {f"{CATEGORIES}.Values": ["plain", "Plain"]},
        f"{RANGES}.CategoricalParameterRanges[0].Values[1]",
    ),
    Row(
        "range-names-differ",
        {f"{CATEGORIES}.Name": "rate"},
        {f"{CATEGORIES}.Name": "Rate"},
        f"{RANGES}.CategoricalParameterRanges[0].Name",
    ),
    Row(
        "auto-parameters-have-no-range",
        {"Autotune": {"Mode": "Enabled"}, f"{RANGES}.AutoParameters": [{"Name": "rate", "ValueHint": "1"}]},
        {f"{RANGES}.AutoParameters.0.Name": "other"},
        f"{RANGES}.AutoParameters[0].Name",
    ),
    Row(
        "at-most-thirty-ranges",
        {
            f"{RANGES}.IntegerParameterRanges": [
                {"Name": f"n{number}", "MinValue": "1", "MaxValue": "9"} for number in range(29)
            ]
        },
        {f"{RANGES}.IntegerParameterRanges.28": None},
        RANGES,
    ),
    Row("range-has-a-name", {f"{REAL}.Name": ""}, {f"{REAL}.Name": "x"}, f"{REAL_PATH}.Name"),
    Row("range-has-a-name", {f"{WHOLE}.Name": ""}, {f"{WHOLE}.Name": "x"}, f"{WHOLE_PATH}.Name"),
    Row(
        "range-has-a-name",
        {f"{CATEGORIES}.Name": ""},
        {f"{CATEGORIES}.Name": "x"},
        f"{RANGES}.CategoricalParameterRanges[0].Name",
    ),
    Row(
        "range-has-a-name",
        {"Autotune": {"Mode": "Enabled"}, f"{RANGES}.AutoParameters": [{"Name": "", "ValueHint": "1"}]},
        {f"{RANGES}.AutoParameters.0.Name": "x"},
        f"{RANGES}.AutoParameters[0].Name",
    ),
]
