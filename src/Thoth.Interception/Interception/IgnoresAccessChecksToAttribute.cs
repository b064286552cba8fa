namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by its name: the assembly that carries it sees another assembly's non-public types.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
