namespace System.Runtime.CompilerServices;

/// <summary>Lets its assembly use the non-public types of another assembly. The runtime finds the attribute by its name.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
