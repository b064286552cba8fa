namespace Thoth.Interception;

/// <summary>
/// Masks a parameter in captured and logged arguments. The enforcer still sees its value.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SensitiveAttribute : Attribute;
