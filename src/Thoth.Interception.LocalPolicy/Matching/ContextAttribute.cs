namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The attributes of a call's context that a condition can evaluate.</summary>
internal enum ContextAttribute
{
    User = 0,
    Agent,
    Tenant,
    Environment,
    SessionIntent,
    Purpose,
    DataClassification,
}
