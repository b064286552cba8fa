using System.Globalization;
using System.Text;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Writes types, literals and seen values short and in ASCII, so that a counterexample can be read and typed.</summary>
internal static class Names
{
    public static string Of(Type type) => type switch
    {
        { IsArray: true } => $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>",
        _ => type.Name,
    };

    public static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{Escaped(text)}\"",
        char letter => $"'{Escaped(letter.ToString())}'",
        DateTime time => $"{time:O}",
        DateTimeOffset time => $"{time:O}",
        JsonNumber number => $"json {number.Raw}",
        byte[] bytes => $"bytes({Convert.ToHexString(bytes)})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    public static string Of(Seen seen) => seen switch
    {
        SeenNull => "null",
        SeenLeaf { Value: var value } => $"{Of(value.GetType())} {Literal(value)}",
        SeenOpaque { Type: var type } => Of(type),
        SeenByAuthor { Inner: var inner } => Of(inner),
        SeenUnreadable { Why: var why } => $"({why})",
        SeenObject value => $"{Type(value.Type)}{{{string.Join(", ", value.Members.Select(member => $"{Escaped(member.Name)}: {Of(member.Value)}"))}}}",
        SeenItems value => $"{Type(value.Type)}[{string.Join(", ", value.Items.Select(Of))}]",
        SeenEntries value => $"{Type(value.Type)}{{{string.Join(", ", value.Entries.Select(entry => $"{Of(entry.Key)} => {Of(entry.Value)}"))}}}",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A value of the zoo, by its type and what a tool reads.</summary>
    public static string Described(object? value) => value is null ? "null" : Of(ToolsView.Of(value, value.GetType()));

    private static string Type(Type? type) => type is null ? "" : Of(type);

    public static string Escaped(string text) => Ascii(text).Replace("\"", "\\\"");

    public static string Ascii(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            _ = c is >= ' ' and < '\u007f' ? escaped.Append(c) : escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return escaped.ToString();
    }
}
