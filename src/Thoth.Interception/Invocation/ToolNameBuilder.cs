using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Invocation;

/// <summary>Builds the name of a governed interface's tool. Policies, events and models all know the tool by that name.</summary>
internal static class ToolNameBuilder
{
    /// <summary>The limit of the model providers' function names.</summary>
    private const int MaxLength = 64;

    private const int HashDigits = 8;

    private const string AsyncSuffix = "Async";

    /// <summary>The name from the attribute, else from the selector; <see langword="null"/> if neither gives one.</summary>
    public static string? ExplicitNameOf(MethodInfo method, GovernedToolsOptions options) =>
        (method.GetCustomAttribute<GovernedToolAttribute>()?.Name ?? options.ToolNameSelector?.Invoke(method))?.Trim();

    /// <summary>The reason why an explicit name cannot be used, with the remedy; <see langword="null"/> if it can.</summary>
    public static string? ObstacleIn(string name)
    {
        const string Remedy = "give it another with [GovernedTool(\"name\")] or options.ToolNameSelector";
        if (name.Length == 0)
        {
            return "its tool name is blank; give it one with [GovernedTool(\"name\")]";
        }

        return name.Length > MaxLength ? $"its tool name '{name}' has {name.Length} characters, and models accept at most {MaxLength}; {Remedy}"
            : name.All(IsAccepted) ? null
            : $"its tool name '{name}' has characters that models do not accept, which are all but A-Z, a-z, 0-9, '_' and '-'; {Remedy}";
    }

    /// <summary>The name that the governed interface and the method give.</summary>
    /// <param name="tools">The governed interface, which may inherit the method from another one.</param>
    /// <param name="methodName">The method's name in code.</param>
    /// <param name="naming">Whether the interface is a part of the name.</param>
    public static string Build(Type tools, string methodName, ToolNaming naming)
    {
        var method = SnakeCase.Of(WithoutAsync(methodName));
        return Shorten(naming == ToolNaming.InterfaceAndMethod ? $"{OfInterface(tools)}__{method}" : method);
    }

    /// <summary>Whether two methods of one interface are one tool: they differ only in their parameters or in the Async suffix.</summary>
    public static bool AreOverloads(MethodInfo method, MethodInfo other) =>
        WithoutAsync(method.Name).SequenceEqual(WithoutAsync(other.Name));

    private static string OfInterface(Type tools)
    {
        var name = TypeNameFormatter.SimpleNameOf(tools).AsSpan();
        var isPrefixed = name.Length > 1 && name[0] == 'I' && char.IsLetter(name[1]) && !char.IsLower(name[1]);
        return SnakeCase.Of(isPrefixed ? name[1..] : name) + OfTypeArguments(tools);
    }

    private static string OfTypeArgument(Type type)
    {
        if (!type.IsArray)
        {
            return SnakeCase.Of(TypeNameFormatter.SimpleNameOf(type)) + OfTypeArguments(type);
        }

        var rank = type.GetArrayRank();
        return $"{OfTypeArgument(type.GetElementType()!)}_array{(rank == 1 ? "" : rank.ToString(CultureInfo.InvariantCulture))}";
    }

    private static string OfTypeArguments(Type type) =>
        type.GetGenericArguments() is { Length: > 0 } arguments ? $"_of_{string.Join("_and_", arguments.Select(OfTypeArgument))}" : "";

    private static ReadOnlySpan<char> WithoutAsync(string methodName) =>
        methodName.Length > AsyncSuffix.Length && methodName.EndsWith(AsyncSuffix, StringComparison.Ordinal)
            ? methodName.AsSpan(0, methodName.Length - AsyncSuffix.Length)
            : methodName;

    /// <summary>Keeps long names apart that differ only behind the limit.</summary>
    private static string Shorten(string name) =>
        name.Length <= MaxLength ? name
        : $"{name.AsSpan(0, MaxLength - HashDigits - 1)}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashDigits]}";

    private static bool IsAccepted(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
