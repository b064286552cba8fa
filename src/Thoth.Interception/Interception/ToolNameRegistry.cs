using Thoth.Interception.Invocation;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Interception;

/// <summary>Holds the tool names of one service collection. A name stands for one tool, which has one or more signatures.</summary>
internal sealed class ToolNameRegistry
{
    private readonly Dictionary<string, List<GovernedMember>> _members = new(StringComparer.Ordinal);

    /// <summary>Claims the names of an interface's tools, all or none.</summary>
    /// <exception cref="InvalidOperationException">Another tool has one of the names.</exception>
    public void Claim(IReadOnlyList<GovernedMember> members)
    {
        var own = members.ToLookup(member => member.ToolName, StringComparer.Ordinal);
        foreach (var member in members)
        {
            var others = own[member.ToolName].TakeWhile(other => other != member);
            if (_members.GetValueOrDefault(member.ToolName, []).Concat(others).FirstOrDefault(other => !AreOneTool(member, other)) is { } taken)
            {
                throw new InvalidOperationException(
                    $"'{member.Interface}.{member.Method.Name}' cannot be governed: its tool name '{member.ToolName}' is that of " +
                    $"'{taken.Interface}.{taken.Method.Name}'; {RemedyFor(member, taken)}.");
            }
        }

        foreach (var name in own)
        {
            _members[name.Key] = [.. _members.GetValueOrDefault(name.Key, []).Union(name)];
        }
    }

    /// <summary>
    /// Two members are one tool if they are the same method, inherited by two governed interfaces, or overloads of one interface.
    /// The base interface of a governed one may be governed too: its members are overloads of the derived interface's. Methods that
    /// an interface inherits from two unrelated interfaces are different tools, even if they have the same name.
    /// </summary>
    private static bool AreOneTool(GovernedMember member, GovernedMember other) =>
        member.Method == other.Method
        || (ToolNameBuilder.AreOverloads(member.Method, other.Method)
            && AreRelated(member.Interface, other.Interface)
            && AreRelated(member.Method.DeclaringType!, other.Method.DeclaringType!));

    private static bool AreRelated(Type tools, Type other) => IsOrExtends(tools, other) || IsOrExtends(other, tools);

    /// <summary>Variance does not count: a closed interface does not extend another closing of the same definition.</summary>
    private static bool IsOrExtends(Type tools, Type other) => tools == other || tools.GetInterfaces().Contains(other);

    private static string RemedyFor(GovernedMember member, GovernedMember other)
    {
        const string Rename = "give one of them another name with [GovernedTool(\"name\")]";
        var named = member.Interface == other.Interface ? null : Array.Find([member, other], clashing => clashing.IsNamedByMethod);
        return named is null
            ? $"{Rename} or options.ToolNameSelector"
            : $"set options.Naming = ToolNaming.InterfaceAndMethod in AddGovernedTools<{TypeNameFormatter.Of(named.Interface)}>, or {Rename}";
    }
}
