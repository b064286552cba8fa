namespace Thoth.Interception;

/// <summary>
/// Masks a parameter wherever arguments are captured or logged. The enforcer still sees the value: it decides about it.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SensitiveAttribute : Attribute;
