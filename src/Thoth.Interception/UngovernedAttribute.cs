namespace Thoth.Interception;

/// <summary>
/// Leaves a member of a governed interface out of governance: its calls go straight to the implementation, unasked and
/// unrecorded. The only way to keep a member that cannot be governed, such as one with a span parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UngovernedAttribute : Attribute;
