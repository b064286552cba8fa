namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>How one step of an argument path goes down.</summary>
internal enum PathStepKind
{
    /// <summary><c>.name</c> or <c>['name']</c>.</summary>
    Property = 0,

    /// <summary><c>[0]</c>.</summary>
    Index,

    /// <summary><c>[*]</c>: each element of a list, or each value of an object.</summary>
    Wildcard,
}
