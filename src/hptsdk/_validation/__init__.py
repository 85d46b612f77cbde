"""Validation of shapes: members, validators, problems, rules and the formatting of values in messages.

This package is internal; `hptsdk` and its public packages export what is public.
"""

from hptsdk._validation._members import (
    MemberInfo as MemberInfo,
    TypeInfo as TypeInfo,
    members_of as members_of,
    type_info as type_info,
    wire_name as wire_name,
)
from hptsdk._validation._placeholders import (
    Placeholder as Placeholder,
    fill_placeholders as fill_placeholders,
    format_placeholders as format_placeholders,
    parse_placeholders as parse_placeholders,
    placeholder as placeholder,
    placeholder_hint as placeholder_hint,
    placeholders_in as placeholders_in,
    syntax_named as syntax_named,
    template_hint as template_hint,
)
from hptsdk._validation._plain_values import (
    FrozenMap as FrozenMap,
    cache_by_class as cache_by_class,
    entries_of as entries_of,
    is_dict as is_dict,
    is_list as is_list,
    is_mapping as is_mapping,
    is_sequence as is_sequence,
    is_tuple as is_tuple,
    plain as plain,
    to_builtin as to_builtin,
    to_datetime as to_datetime,
)
from hptsdk._validation._problems import (
    RESERVED as RESERVED,
    Problem as Problem,
    Step as Step,
    closest as closest,
    closest_name as closest_name,
    count_of as count_of,
    counted as counted,
    format_value as format_value,
    guide_page as guide_page,
    member_text as member_text,
    shape_page as shape_page,
    shortened as shortened,
    source_of as source_of,
    step_to as step_to,
    suggestion as suggestion,
    valid_parts as valid_parts,
    violations as violations,
    with_article as with_article,
)
from hptsdk._validation._rules import (
    UNDECIDED as UNDECIDED,
    Basis as Basis,
    Level as Level,
    Part as Part,
    Rule as Rule,
    RuleGroup as RuleGroup,
    advice as advice,
    apply_groups as apply_groups,
    group_rules as group_rules,
    rule as rule,
    waived_ids as waived_ids,
    waiving as waiving,
)
from hptsdk._validation._shape import (
    ENDED as ENDED,
    NAN as NAN,
    NOT_FINITE as NOT_FINITE,
    Response as Response,
    Shape as Shape,
    WithTunedNames as WithTunedNames,
    aware_datetime as aware_datetime,
    check_class as check_class,
    check_shape as check_shape,
    finite as finite,
    member_at as member_at,
    member_values as member_values,
    number as number,
    store_tuned_names as store_tuned_names,
    text as text,
    unvalidated as unvalidated,
)
from hptsdk._validation._validators import examine as examine, extra_of as extra_of, validate as validate
