using System.Reflection;

namespace Thoth.Interception.Interception;

/// <summary>A member of a governed interface that is a tool.</summary>
/// <param name="Interface">The governed interface, which may inherit the method from another one.</param>
/// <param name="Method">The method that calls go through.</param>
/// <param name="ToolName">The tool's name, which overloads share.</param>
/// <param name="IsNamedByMethod">Whether <see cref="ToolNaming.InterfaceAndMethod"/> would give the tool another name.</param>
internal sealed record GovernedMember(Type Interface, MethodInfo Method, string ToolName, bool IsNamedByMethod);
