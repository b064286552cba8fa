using System.Reflection;

namespace Thoth.Interception.Invocation;

/// <summary>Finds the methods of governed interfaces by what a tool loop knows of them.</summary>
internal interface IGovernedMethods
{
    /// <summary>Gets the methods that share a tool name, in the order of registration; empty if no governed interface has the tool.</summary>
    IReadOnlyList<MethodInfo> Named(string toolName);

    /// <summary>Gets the descriptor of a governed interface's method, or of a method that implements one; <see langword="null"/> if it is neither.</summary>
    ToolMethodDescriptor? Find(MethodInfo method);

    /// <summary>Gets whether the method is of a class that implements a governed interface, and not of a proxy.</summary>
    bool IsBehindProxy(MethodInfo method);
}
