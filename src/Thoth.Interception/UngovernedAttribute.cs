namespace Thoth.Interception;

/// <summary>
/// Excludes a member of a governed interface from governance: its calls go straight to the implementation and are neither
/// evaluated nor recorded.
/// </summary>
/// <remarks>A member that cannot be governed, such as one with a span parameter, needs this attribute.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UngovernedAttribute : Attribute;
