namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The types of values that predicates distinguish.</summary>
internal enum CallValueKind
{
    /// <summary>Absent or JSON null. They are equal, because .NET writes an omitted argument as null.</summary>
    Missing = 0,
    String,
    Number,
    Boolean,
    Array,
    Object,
}
