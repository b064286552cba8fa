using System.Reflection;

namespace Thoth.Interception.Invocation;

/// <summary>Finds the methods of governed interfaces by what a tool loop knows of them.</summary>
internal interface IGovernedMethods
{
    /// <summary>Gets the methods that share a tool name, in the order of registration; empty if no governed interface has the tool.</summary>
    IReadOnlyList<MethodInfo> Named(string toolName);

    /// <summary>Gets the descriptor of a governed interface's method, or of a method that implements one; <see langword="null"/> if it is neither.</summary>
    ToolMethodDescriptor? Find(MethodInfo method);

    /// <summary>Gets whether calls of the method are intercepted: it is of a governed interface, or of a proxy of one.</summary>
    bool IsGoverned(MethodInfo method);
}
