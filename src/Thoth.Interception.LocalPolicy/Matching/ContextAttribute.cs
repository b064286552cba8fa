namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The parts of a call's context that a condition may be about.</summary>
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
