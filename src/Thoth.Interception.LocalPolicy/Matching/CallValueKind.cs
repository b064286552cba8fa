namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The kinds of value that conditions tell apart.</summary>
internal enum CallValueKind
{
    /// <summary>Absent, or JSON null: .NET writes an argument that was not given as null.</summary>
    Missing = 0,
    String,
    Number,
    Boolean,
    Array,
    Object,
}
