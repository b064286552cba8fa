namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The kinds of steps of an argument path.</summary>
internal enum PathStepKind
{
    /// <summary><c>.name</c> or <c>['name']</c>.</summary>
    Property = 0,

    /// <summary><c>[0]</c>.</summary>
    Index,

    /// <summary><c>[*]</c>: each element of an array, or each member's value of an object.</summary>
    Wildcard,
}
